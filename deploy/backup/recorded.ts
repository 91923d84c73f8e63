import { Client } from "pg";
import { asOperator } from "../../server/src/db/client.ts";
import {
  beginOperation,
  endOperation,
  queueFailedMail,
  unendedOperations,
} from "../../server/src/features/launch/index.ts";
import { reason, type Run } from "./run.ts";

type Name = "backup" | "restore_check";

/** Ends an operation; a failed one is told to the operators in the same transaction. */
async function end(run: Run, id: string, failed: { name: Name; startedAt: Date; error: string }): Promise<void> {
  const { OPERATOR_EMAILS, PUBLIC_URL } = run.config;
  const told = await asOperator(run.db, async (tx) => {
    await endOperation(tx, id, { ok: false, detail: { error: failed.error } });
    return queueFailedMail(tx, { operators: OPERATOR_EMAILS, publicUrl: PUBLIC_URL }, failed);
  });
  run.log.error({ name: failed.name, error: failed.error, told }, "failed");
}

/**
 * Does an operation and writes down how it went. It stands there as failed from its beginning, so a kill leaves no doubt.
 * Returns what the work returned, or null where it failed. Throws where it cannot be written down: then it is no success.
 */
export async function recorded<T>(
  run: Run,
  name: Name,
  work: (startedAt: Date) => Promise<{ detail: Record<string, unknown>; result: T }>,
): Promise<T | null> {
  const startedAt = new Date();
  const id = await beginOperation(run.db, { name, startedAt });
  let done: { detail: Record<string, unknown>; result: T };
  try {
    done = await work(startedAt);
  } catch (error) {
    await end(run, id, { name, startedAt, error: reason(error) });
    return null;
  }
  await asOperator(run.db, (tx) => endOperation(tx, id, { ok: true, detail: done.detail }));
  run.log.info({ name, ...done.detail }, "went well");
  return done.result;
}

/** Another process of this kind is at work on this database. */
export class Busy extends Error {}

/**
 * Does `work` while no other process may. First, what an earlier one began and was killed over is ended as the failure
 * that it is. Throws Busy where another is at work.
 */
export async function alone<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: run.config.DATABASE_URL, keepAlive: true });
  client.on("error", () => {});
  await client.connect();
  try {
    // Any constant will do; the lock goes with this connection, however it ends.
    const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock(727003) as mine");
    if (rows[0]?.mine !== true)
      throw new Busy("Another backup is being made on this database; this one did not begin.");
    for (const name of ["backup", "restore_check"] as const) {
      for (const { id, startedAt } of await unendedOperations(run.db, name))
        await end(run, id, { name, startedAt, error: "it was killed, or the host went down, before it ended" });
    }
    return await work();
  } finally {
    await client.end().catch(() => {});
  }
}
