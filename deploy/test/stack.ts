import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../server/src/embedded/free-port.ts";
import { openDoor, type Door } from "./door.ts";
import { must, root, run, type Ran } from "./engine.ts";
import { startPebble, type Pebble } from "./pebble.ts";
import { envFile, testSettings } from "./settings.ts";

/** The production stack on this machine's Docker engine, behind TLS. */
export interface Stack {
  name: string;
  domain: string;
  httpPort: number;
  httpsPort: number;
  /** Its settings, and the file they are in. */
  settings: Record<string, string>;
  settingsFile: string;
  /** What deploy/ keeps of it: the colour that serves, the images. */
  state: string;
  pebble: Pebble;
  /** The way in, as a visitor takes it. */
  door: Door;
  /** A script of deploy/ by its name, on this stack. */
  script(name: string, args: string[], env?: Record<string, string>): Promise<Ran>;
  /** `docker compose` on this stack. Throws where it fails. */
  compose(...args: string[]): Promise<string>;
  /** One SQL statement as the owner of the tables; rows as lines, columns separated by `|`. */
  sql(statement: string): Promise<string>;
  /** Ends it and removes its containers, networks and volumes. */
  close(): Promise<void>;
}

export interface StackOptions {
  /** Added to the settings. */
  settings?: Record<string, string>;
  /** The end of the images' local names (deploy/build's TAG). */
  tag: string;
  /** More compose files, e.g. without a service. */
  extra?: string[];
}

/** Prepares a stack of its own name, ports and network; starts pebble, and nothing of the stack itself. */
export async function makeStack({ settings = {}, tag, extra = [] }: StackOptions): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), "charlie-stack-"));
  const name = `charlie-${folder.split("-").at(-1)?.toLowerCase()}`;
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const pebble = await startPebble(folder, httpPort);
  const domain = "charlie.test";
  const all: Record<string, string> = {
    ...testSettings(domain),
    STACK: name,
    PUBLIC_URL: `https://${domain}:${httpsPort}`,
    HTTP_PORT: String(httpPort),
    HTTPS_PORT: String(httpsPort),
    FRONT_NET: `10.${200 + (httpPort % 50)}.${httpsPort % 250}`,
    STATE: join(folder, "state"),
    ACME_SERVER: pebble.directory,
    ACME_CA_FILE: pebble.caFile,
    IMAGE: `charlie:${tag}`,
    IMAGE_BLUE: `charlie:${tag}`,
    IMAGE_BACKUP: `charlie:backup-${tag}`,
    IMAGE_CERTBOT: `charlie:certbot-${tag}`,
    ...settings,
  };
  const settingsFile = join(folder, ".env.production");
  writeFileSync(settingsFile, envFile(all), { mode: 0o600 });
  mkdirSync(join(folder, "state"));
  const overlay = [join(root, "deploy/test/overlay.yml"), ...extra].join(" ");
  const env = { SETTINGS: settingsFile, STATE: join(folder, "state"), COMPOSE_EXTRA: overlay };
  const script: Stack["script"] = (file, args, more) => run(join(root, "deploy", file), args, { ...env, ...more });
  const compose = (...args: string[]): Promise<string> => must(join(root, "deploy/compose"), args, env);
  return {
    name,
    domain,
    httpPort,
    httpsPort,
    settings: all,
    settingsFile,
    state: join(folder, "state"),
    pebble,
    door: openDoor({ domain, port: httpsPort, ca: [pebble.root, readFileSync(pebble.caFile, "utf8")] }),
    script,
    compose,
    sql: async (statement) =>
      (await compose("exec", "-T", "postgres", "psql", "-U", "charlie", "-d", "charlie", "-qAtc", statement)).trim(),
    close: async () => {
      await compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "2");
      pebble.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
