import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import type { Readable, Writable } from "node:stream";
import type { Run } from "./run.ts";

export interface Program {
  command: string;
  args: string[];
  /** All that it sees of an environment, beside PATH. */
  env?: Record<string, string>;
}

export interface Started {
  stdin: Writable;
  stdout: Readable;
  /** Throws what the program said last where it did not end with 0, and an AbortError where it was stopped. */
  ended: Promise<void>;
}

/** Of what a program says on its standard error, so many characters of the end are kept. */
const kept = 500;

/** Starts a program. It sees none of our own environment, which is full of secrets that it has no use for. */
export function startProgram({ path, signal }: Run, { command, args, env }: Program): Started {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: path, LC_ALL: "C", TZ: "UTC", ...env },
    signal,
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (words: string) => {
    said = (said + words).slice(-kept);
  });
  // Where the reader ends early, its own end tells why; a broken pipe tells nothing.
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new Error(`${command} is not installed here`, { cause: error }) : error),
    );
    child.once("close", (code, killedBy) => {
      if (code === 0) return resolve();
      const how = code === null ? `was ended by ${killedBy}` : `ended with ${code}`;
      reject(new Error(`${command} ${how}: ${said.trim().replaceAll(/\s*\n\s*/g, " · ") || "it said nothing"}`));
    });
  });
  // Whoever started it waits for it, perhaps only after something else failed.
  ended.catch(() => {});
  return { stdin: child.stdin, stdout: child.stdout, ended };
}

/** Gives a program a stream to read, prints nothing, and waits for its end. What it leaves unread is read on all the same. */
export async function feedProgram(run: Run, program: Program, source: Readable): Promise<void> {
  const { stdin, stdout, ended } = startProgram(run, program);
  stdin.once("close", () => source.resume());
  source.pipe(stdin);
  stdout.resume();
  await ended;
}

/** Runs a program to its end, with this on its standard input. Returns what it printed. */
export async function runProgram(run: Run, program: Program, input = ""): Promise<string> {
  const { stdin, stdout, ended } = startProgram(run, program);
  stdin.end(input);
  const [printed] = await Promise.all([text(stdout), ended]);
  return printed;
}

/** Which major version of PostgreSQL a program is of. */
export async function majorOf(run: Run, command: string): Promise<number> {
  const printed = await runProgram(run, { command, args: ["--version"] });
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(printed)?.[1]);
  if (!Number.isInteger(major)) throw new Error(`${command} does not tell its version`);
  return major;
}

/** A database's address as PostgreSQL's programs take it, so that no password stands in a list of processes. */
export function libpq(address: string, database?: string): Record<string, string> {
  const url = new URL(address);
  const parts = {
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: database ?? databaseOf(address),
    PGSSLMODE: url.searchParams.get("sslmode") ?? "",
    PGSSLROOTCERT: url.searchParams.get("sslrootcert") ?? "",
    PGCONNECT_TIMEOUT: "10",
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ""));
}

/** The name of the database in an address. */
export const databaseOf = (address: string): string => decodeURIComponent(new URL(address).pathname.slice(1));

/** The same address with another database. */
export function addressOf(address: string, database: string): string {
  const url = new URL(address);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
