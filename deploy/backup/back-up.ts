import { setTimeout as sleep } from "node:timers/promises";
import { lastOperations } from "../../server/src/features/launch/index.ts";
import { checkRestore } from "./check-restore.ts";
import { makeBackup } from "./make-backup.ts";
import { alone, recorded } from "./recorded.ts";
import { reason, type Run } from "./run.ts";
import { makeKeyPair } from "./sealed.ts";
import { type Earlier, isCheckDue, nextBackup } from "./timetable.ts";

/** Whatever takes longer than this hangs. */
const longestMs = 6 * 3_600_000;
/** How often the clock and the records are looked at. */
const lookMs = 60_000;

/**
 * Makes a backup, and restores it for comparison where that is asked for; each is written down, and failures are told.
 * Returns whether all went well.
 */
export function backUp(run: Run, { check }: { check: boolean }): Promise<boolean> {
  const bounded = { ...run, signal: AbortSignal.any([run.signal, AbortSignal.timeout(longestMs)]) };
  return alone(bounded, async () => {
    const made = await recorded(bounded, "backup", async (startedAt) => {
      const key = await makeKeyPair(bounded);
      const { manifest, detail } = await makeBackup(bounded, key, startedAt);
      return { detail, result: { manifest, key } };
    });
    if (made === null || !check) return made !== null;
    const checked = await recorded(bounded, "restore_check", async () => ({
      detail: await checkRestore(bounded, made.manifest, made.key),
      result: true,
    }));
    return checked === true;
  });
}

/** When operations of a kind last began, by how they ended. */
async function earlier(run: Run): Promise<{ backup: Earlier; check: Earlier }> {
  const last = await lastOperations(run.db);
  const of = (name: string, ok: boolean) =>
    last.find((each) => each.name === name && each.ok === ok)?.startedAt ?? null;
  return {
    backup: { good: of("backup", true), failed: of("backup", false) },
    check: { good: of("restore_check", true), failed: of("restore_check", false) },
  };
}

/** Makes the backups when they are due, until it is told to stop. What goes wrong is written down and tried again. */
export async function keepTimetable(run: Run): Promise<void> {
  while (!run.signal.aborted) {
    try {
      const { backup, check } = await earlier(run);
      const now = new Date();
      if (nextBackup(now, run.config.BACKUP_HOUR, backup) <= now)
        await backUp(run, { check: isCheckDue(now, check.good) });
    } catch (error) {
      // The database is away, or another backup is being made.
      run.log.error({ error: reason(error) }, "could not look whether a backup is due");
    }
    await sleep(lookMs, undefined, { signal: run.signal }).catch(() => {});
  }
}
