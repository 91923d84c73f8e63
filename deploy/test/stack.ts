import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../server/src/embedded/free-port.ts";
import { openDoor, type Door } from "./door.ts";
import { must, root, run, type Ran } from "./engine.ts";
import { startPebble } from "./pebble.ts";
import { envFile, testSettings } from "./settings.ts";

/** What a stack is known by: plain data, so that several test files can share one. */
export interface StackFacts {
  name: string;
  domain: string;
  httpPort: number;
  httpsPort: number;
  /** Its settings, and the file they are in. */
  settings: Record<string, string>;
  settingsFile: string;
  /** What deploy/ keeps of it: the colour that serves, the images. */
  state: string;
  /** The root of its certificate, as PEM, and what signed its certificate authority's own. */
  authority: string;
  acmeAuthority: string;
  /** The compose files that are added to production's. */
  overlays: string[];
}

/** The production stack on this machine's Docker engine, behind TLS. */
export interface Stack extends StackFacts {
  /** The way in, as a visitor takes it. */
  door: Door;
  /** A script of deploy/ by its name, on this stack. */
  script: (name: string, args: string[], env?: Record<string, string>) => Promise<Ran>;
  /** `docker compose` on this stack. Throws where it fails. */
  compose: (...args: string[]) => Promise<string>;
  /** The name of a service's container. */
  container: (service: string) => string;
  /** One SQL statement as the owner of the tables; rows as lines, columns separated by `|`. */
  sql: (statement: string) => Promise<string>;
}

export interface StackOptions {
  /** Added to the settings. */
  settings?: Record<string, string>;
  /** The end of the images' local names (deploy/build's TAG). */
  tag: string;
  /** More compose files, e.g. with a smaller disk. */
  extra?: string[];
  /** Its network is one of Cloudflare's own, so that nginx believes whom a visitor from this machine says it comes for. */
  behindCloudflare?: boolean;
}

/** What can be done with a stack that was made. */
export function openStack(facts: StackFacts): Stack {
  const env = { SETTINGS: facts.settingsFile, STATE: facts.state, COMPOSE_EXTRA: facts.overlays.join(" ") };
  const compose = (...args: string[]): Promise<string> => must(join(root, "deploy/compose"), args, env);
  return {
    ...facts,
    door: openDoor({ domain: facts.domain, port: facts.httpsPort, ca: [facts.authority, facts.acmeAuthority] }),
    script: (file, args, more) => run(join(root, "deploy", file), args, { ...env, ...more }),
    compose,
    container: (service) => `${facts.name}-${service}-1`,
    sql: async (statement) =>
      (await compose("exec", "-T", "postgres", "psql", "-U", "charlie", "-d", "charlie", "-qAtc", statement)).trim(),
  };
}

/** Prepares a stack of its own name, ports and network; starts pebble, and nothing of the stack itself. */
export async function makeStack({ settings = {}, tag, extra = [], behindCloudflare = false }: StackOptions) {
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
    FRONT_NET: behindCloudflare ? `141.101.${64 + (httpPort % 64)}` : `10.${150 + (httpPort % 50)}.${httpPort % 250}`,
    DATA_NET: `10.${200 + (httpPort % 50)}.${httpsPort % 250}`,
    STATE: join(folder, "state"),
    ACME_SERVER: pebble.directory,
    ACME_CA_FILE: pebble.caFile,
    IMAGE: `charlie:${tag}`,
    IMAGE_BLUE: `charlie:${tag}`,
    IMAGE_GREEN: `charlie:${tag}`,
    IMAGE_BACKUP: `charlie:backup-${tag}`,
    IMAGE_CERTBOT: `charlie:certbot-${tag}`,
    ...settings,
  };
  const settingsFile = join(folder, ".env.production");
  writeFileSync(settingsFile, envFile(all), { mode: 0o600 });
  mkdirSync(join(folder, "state"));
  const facts: StackFacts = {
    name,
    domain,
    httpPort,
    httpsPort,
    settings: all,
    settingsFile,
    state: join(folder, "state"),
    authority: pebble.root,
    acmeAuthority: readFileSync(pebble.caFile, "utf8"),
    overlays: [join(root, "deploy/test/overlay.yml"), ...extra],
  };
  return {
    facts,
    /** Ends it and removes its containers, networks and volumes. */
    close: async (): Promise<void> => {
      await openStack(facts).compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "2");
      pebble.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
