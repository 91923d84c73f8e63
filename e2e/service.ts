import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../server/src/embedded/free-port.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";

const root = join(import.meta.dirname, "..");
/** The first start builds the pages and makes a database; both on a machine that does other things too. */
const startsWithin = 180_000;

/** Command lines of running processes that name the folder: nothing else on this machine does. */
const processesOf = (folder: string): string[] =>
  spawnSync("ps", ["-Ao", "pid=,args="], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((line) => line.includes(folder));

async function untilReady(service: ChildProcess, url: string, said: () => string): Promise<void> {
  const until = Date.now() + startsWithin;
  while (Date.now() < until) {
    if (service.exitCode !== null) throw new Error(`the service ended at its start:\n${said()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`the service did not answer within ${startsWithin / 1_000} s:\n${said()}`);
}

/** Only what any machine has: nothing that somebody configured at home decides how the tests end. */
const bareEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ["PATH", "HOME", "LANG", "TMPDIR", "SystemRoot"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

export interface Service {
  url: string;
  /** Its data folder. */
  data: string;
  /** Ends it, and makes sure that no process is left. */
  stop: () => Promise<void>;
}

/** Starts the whole service as `npm start` does, with a data folder of its own and these settings besides. */
export async function startService(settings: Record<string, string>): Promise<Service> {
  const port = await freePort(1);
  const url = `http://localhost:${port}`;
  const folder = mkdtempSync(join(tmpdir(), "charlie-e2e-"));
  const service = spawn(process.execPath, [join(root, "scripts/start.ts")], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...bareEnvironment(),
      PORT: String(port),
      CHARLIE_DATA_DIR: join(folder, "data"),
      RATE_LIMIT_SCALE: "50",
      SHUTDOWN_SECONDS: "2",
      ...settings,
    },
  });
  let said = "";
  for (const stream of [service.stdout, service.stderr]) stream.on("data", (chunk) => (said += String(chunk)));

  const stop = async (): Promise<void> => {
    if (service.exitCode === null) {
      service.kill("SIGTERM");
      await once(service, "exit");
    }
    const left = processesOf(folder);
    rmSync(folder, { recursive: true, force: true });
    if (service.exitCode !== 0) throw new Error(`the service ended with ${service.exitCode}:\n${said}`);
    if (left.length > 0) throw new Error(`the service left processes behind:\n${left.join("\n")}`);
  };
  try {
    await untilReady(service, url, () => said);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, data: join(folder, "data"), stop };
}

/**
 * The service that the tests share, beside a stand-in for the AI providers. They find it at CHARLIE_URL, and its data
 * folder at CHARLIE_DATA. The teardown ends it.
 */
export default async function startSharedService(): Promise<() => Promise<void>> {
  const providers = await startProviderStandIn();
  const { url, data, stop } = await startService({
    OPENAI_BASE_URL: providers.url,
    // The operator's: paid plans answer with it.
    OPENAI_API_KEY: "sk-stand-in-operator",
  });
  process.env["CHARLIE_URL"] = url;
  process.env["CHARLIE_DATA"] = data;
  return async () => {
    await stop();
    await providers.close();
  };
}
