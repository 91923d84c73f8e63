import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = join(import.meta.dirname, "../..");

/** What a start ended with, or how to talk to what it started. */
export interface MainProcess {
  url: string;
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Waits for the words that stand at the end of a start. Throws what it said where it ended instead. */
  ready(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Its exit code; `null` after a signal that it did not hear. */
  ended: Promise<number | null>;
}

/** Started processes, to be ended when a test failed. */
const children: ChildProcess[] = [];
export function killAll(): void {
  for (const child of children.splice(0)) child.kill("SIGKILL");
}

/** A folder that only its owner may enter. */
export const freshFolder = (): string => mkdtempSync(join(tmpdir(), "charlie-start-"));

function watch(child: ChildProcess, port: number): MainProcess {
  children.push(child);
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const over = () => child.exitCode !== null || child.signalCode !== null;
  return {
    url: `http://localhost:${port}`,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    signal: (name) => void child.kill(name),
    ready: async () => {
      while (!stdout.includes("Stop with Ctrl-C")) {
        if (over()) throw new Error(`it ended with ${child.exitCode}: ${stdout}${stderr}`);
        await sleep(20);
      }
    },
  };
}

/** The environment of somebody who configured nothing else. */
const environmentOf = (env: Record<string, string>): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: process.env["HOME"] ?? "",
  ...env,
});

/** Runs `main.ts` as it is, in a process of its own. */
export function startMain(port: number, folder: string, env: Record<string, string> = {}, role = "all"): MainProcess {
  const child = spawn(process.execPath, [join(root, "server/src/main.ts"), role], {
    cwd: root,
    env: environmentOf({ PORT: String(port), CHARLIE_DATA_DIR: folder, ...env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return watch(child, port);
}

/** Runs `npm start`. The signal goes to npm alone, as from a process manager. */
export function startNpm(port: number, folder: string): MainProcess {
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: environmentOf({ PORT: String(port), CHARLIE_DATA_DIR: folder }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return watch(child, port);
}

/** Whether a process is there and does something: one that ended and that nobody asked after is not. */
export function isRunning(pid: number): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  return existsSync(commandLine) && readFileSync(commandLine, "utf8") !== "";
}

export async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(20);
}

/** The embedded PostgreSQL's process. */
export const postgresOf = (folder: string): number =>
  Number(readFileSync(join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[0]);

/** The process that has taken the data folder. */
export const ownerOf = (folder: string): number => Number(readFileSync(join(folder, "charlie.pid"), "utf8"));
