import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";

/** A process that takes part in a bench. */
export interface Part {
  pid: number;
  /** What it holds in memory now, in bytes. */
  resident(): number;
  /** Asks it to end and waits: a profile is written then. */
  stop(): Promise<void>;
}

export interface PartOptions {
  env?: Record<string, string>;
  /** Answers when the part is ready. */
  ready: string;
  /** Its CPU profile is kept where BENCH_PROFILE names a folder. */
  profile?: boolean;
}

/** Where a bench is held: a migrated PostgreSQL of its own, as durable as in production, and processes that end with it. */
export interface Stage {
  databaseUrl: string;
  /** Gone when the bench is over. */
  folder: string;
  /** As the owner of the tables. */
  pool: Pool;
  /** Runs a script, or another program, in a process of its own until the bench is over. */
  start(command: string[], options: PartOptions): Promise<Part>;
  /** Called when the bench is over, last one first. */
  after(undo: () => Promise<unknown>): void;
}

async function startPart([command = "", ...args]: string[], { env = {}, ready, profile }: PartOptions): Promise<Part> {
  const folder = process.env["BENCH_PROFILE"];
  const profiling = profile && folder ? ["--cpu-prof", `--cpu-prof-dir=${folder}`] : [];
  const [program, all] = command.endsWith(".ts")
    ? [process.execPath, ["--max-semi-space-size=16", ...profiling, command, ...args]]
    : [command, args];
  const child: ChildProcess = spawn(program, all, {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, "exit");
  const over = () => child.exitCode !== null || child.signalCode !== null;
  const isReady = () =>
    fetch(ready).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.ok;
      },
      () => false,
    );
  while (!(await isReady())) {
    if (over()) throw new Error(`${command} ended: ${said}`);
    await sleep(50);
  }
  return {
    pid: child.pid ?? 0,
    resident: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
    },
    stop: async () => {
      if (!over()) child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Holds a bench on a stage of its own and clears it away, whatever comes of the bench. */
export async function withStage<T>(hold: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "charlie-bench-"));
  const undo: (() => Promise<unknown>)[] = [];
  const clear = async () => {
    for (const step of undo.splice(0).toReversed()) {
      await step().catch((error: unknown) => console.error("while clearing away:", error));
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void clear().then(() => process.exit(1)));
  try {
    const postgres = await startPostgres(folder, { settings: ["max_connections=200"] });
    undo.push(() => postgres.stop());
    await migrate(postgres.url);
    const pool = new Pool({ connectionString: postgres.url, max: 10 });
    // The database ends right after it, and says so to connections that are just closing.
    pool.on("error", () => {});
    undo.push(() => pool.end());
    return await hold({
      databaseUrl: postgres.url,
      folder,
      pool,
      start: async (command, options) => {
        const part = await startPart(command, options);
        undo.push(() => part.stop());
        return part;
      },
      after: (step) => void undo.push(step),
    });
  } finally {
    await clear();
  }
}
