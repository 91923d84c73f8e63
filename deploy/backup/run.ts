import type { BackupConfig } from "../../server/src/config.ts";
import type { Database } from "../../server/src/db/client.ts";
import type { Storage } from "../../server/src/integrations/storage/index.ts";
import type { Log } from "../../server/src/log.ts";

/** What every verb of this folder works with. */
export interface Run {
  config: BackupConfig;
  /** The service's own database: what is backed up, and where it is written down. */
  db: Database;
  storage: Storage;
  log: Log;
  /** Ends what is under way. */
  signal: AbortSignal;
  /** Where programs are looked for, as in $PATH. */
  path: string;
}

/** A failed step, with what it was doing in front. */
class StepError extends Error {}

/** Does one step; where it fails the error says which. */
export async function step<T>(run: Run, name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    run.signal.throwIfAborted();
    const result = await work();
    run.log.info({ step: name, seconds: secondsSince(started) }, "done");
    return result;
  } catch (error) {
    if (error instanceof StepError) throw error;
    const said = run.signal.aborted ? "it was told to stop, or took too long" : reason(error);
    throw new StepError(`${name}: ${said}`, { cause: error });
  }
}

const shown = 600;

/** An error in one line, for people: a refused connection's own error has no words but those of its parts. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map(reason).join("; ").slice(0, shown);
  // Drizzle tells the statement; its cause tells what is wrong with it.
  if (error instanceof Error && error.message.startsWith("Failed query") && error.cause !== undefined)
    return reason(error.cause);
  return (error instanceof Error ? error.message : String(error)).slice(0, shown);
}

/** Seconds since a reading of `performance.now()`, to a tenth. */
export const secondsSince = (started: number): number => Math.round((performance.now() - started) / 100) / 10;
