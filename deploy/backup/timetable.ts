const dayMs = 86_400_000;
/** After a failure it is tried again so much later. */
export const retryMs = 3_600_000;
/** A backup is restored and compared once a week: a little less, so that it stays at its hour. */
const checkEveryMs = 7 * dayMs - 2 * retryMs;

/** The last time at or before `now` that a backup was due: daily at the full hour, UTC. */
export function dueBefore(now: Date, hour: number): Date {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour);
  return new Date(today <= now.getTime() ? today : today - dayMs);
}

/** What is known of earlier runs, as times of their beginning. */
export interface Earlier {
  good: Date | null;
  failed: Date | null;
}

/**
 * When the next backup has to begin; in the past where it is late. One that failed, or was missed while the host was
 * down, is made up for: the day's backup counts as made only once one went well.
 */
export function nextBackup(now: Date, hour: number, { good, failed }: Earlier): Date {
  const due = dueBefore(now, hour);
  if (good !== null && good >= due) return new Date(due.getTime() + dayMs);
  return failed !== null && failed >= due ? new Date(failed.getTime() + retryMs) : due;
}

/** Whether a backup made now should be restored and compared as well. One that failed is tried again with the next. */
export const isCheckDue = (now: Date, lastGood: Date | null): boolean =>
  lastGood === null || now.getTime() - lastGood.getTime() >= checkEveryMs;
