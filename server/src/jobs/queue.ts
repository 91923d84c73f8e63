import { sql } from "drizzle-orm";
import { Logger, type LogLevel, run, type Runner, type TaskList } from "graphile-worker";
import type { Log } from "../log.ts";
import type { Database, Tx } from "../db/client.ts";

/** Enqueues a job in the caller's transaction: it runs if and when that commits. With `key`, one waiting job at most. */
export async function enqueue(
  tx: Tx,
  task: string,
  payload: object,
  { key, runAt }: { key?: string; runAt?: Date } = {},
): Promise<void> {
  await tx.execute(
    sql`select enqueue_job(${task}, ${JSON.stringify(payload)}::json, ${key ?? null}, ${runAt?.toISOString() ?? null}::timestamptz)`,
  );
}

const levels = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const satisfies Record<
  LogLevel,
  string
>;

/** The queue's own log lines, in ours; its chatter on level debug. Not what it says of a failed job: it quotes the error. */
export const queueLogger = (log: Log): Logger =>
  new Logger((scope) => (level, message) => {
    if (!message.startsWith("Failed task ")) log[levels[level]]({ job: scope.taskIdentifier }, message);
  });

export interface Jobs {
  /** What to run by task name; throwing makes the queue try again later. */
  tasks: TaskList;
  /** Timetable in crontab lines, UTC. */
  crontab: string;
}

/** The jobs of several features as one. */
export const joinJobs = (...all: Jobs[]): Jobs => ({
  tasks: Object.assign({}, ...all.map(({ tasks }) => tasks)) as TaskList,
  crontab: all
    .map(({ crontab }) => crontab)
    .filter(Boolean)
    .join("\n"),
});

const workspaceOf = (payload: unknown): unknown =>
  typeof payload === "object" && payload !== null && "workspaceId" in payload ? payload.workspaceId : undefined;

/** Starts working through the queue. `stop()` on the result waits for running jobs. */
export async function startWorker(db: Database, { tasks, crontab }: Jobs, log: Log): Promise<Runner> {
  const runner = await run({
    pgPool: db.operator,
    taskList: tasks,
    crontab,
    concurrency: 4,
    noHandleSignals: true,
    logger: queueLogger(log),
    pollInterval: 1_000,
  });
  runner.events.on("job:error", ({ job, error }) => {
    const { task_identifier: name, attempts: attempt, payload } = job;
    log.error({ err: error, job: name, attempt, workspaceId: workspaceOf(payload) }, "a job failed");
  });
  return runner;
}
