import { statfs } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { asOperator, type Database } from "../../db/client.ts";
import { lastOperations, type Operation } from "./operations.ts";

export type Verdict = "healthy" | "degraded" | "unhealthy";

/** One thing about the service that somebody should look at before people notice it. */
export interface VitalSign {
  name: keyof typeof scales;
  value: number;
  unit: string;
  /** From here on somebody should look. */
  degradedAt: number;
  /** From here on people or data are hurt; `null` where that is not so by itself. */
  unhealthyAt: number | null;
  status: Verdict;
}

interface Scale {
  unit: string;
  degradedAt: number;
  unhealthyAt: number | null;
  /** The smaller the worse. */
  sinks?: true;
}

const scales = {
  /** How long the job that waits longest is overdue. */
  queue: { unit: "seconds", degradedAt: 120, unhealthyAt: 900 },
  /** Since the last backup that went well began; they are made daily. */
  backup: { unit: "hours", degradedAt: 30, unhealthyAt: 72 },
  /** Since the last restore that was tried and went well; they are tried weekly. */
  restoreCheck: { unit: "hours", degradedAt: 8 * 24, unhealthyAt: 15 * 24 },
  /** Until the certificate that is served ends (production.md). */
  certificate: { unit: "days", degradedAt: 21, unhealthyAt: 1, sinks: true },
  /** What this process could still write. */
  disk: { unit: "gigabytes free", degradedAt: 4, unhealthyAt: 1, sinks: true },
  /** In the partitions that take what no month has room for: safe, but the nightly job does not do its work. */
  strayRows: { unit: "rows", degradedAt: 1, unhealthyAt: null },
} as const satisfies Record<string, Scale>;

/** What a value means on its scale, rounded to hundredths. */
export function judge(name: keyof typeof scales, measured: number): VitalSign {
  const { unit, degradedAt, unhealthyAt, sinks }: Scale = scales[name];
  const value = Math.round(measured * 100) / 100;
  const isAt = (mark: number): boolean => (sinks ? value <= mark : value >= mark);
  const status =
    unhealthyAt !== null && isAt(unhealthyAt) ? "unhealthy" : isAt(degradedAt) ? "degraded" : ("healthy" as const);
  return { name, value, unit, degradedAt, unhealthyAt, status };
}

/** `unhealthy` is no more than `degraded` for this one. */
const atMostDegraded = (sign: VitalSign): VitalSign =>
  sign.status === "unhealthy" ? { ...sign, status: "degraded" } : sign;
const atLeastDegraded = (sign: VitalSign): VitalSign =>
  sign.status === "healthy" ? { ...sign, status: "degraded" } : sign;

const hoursSince = (time: Date): number => (Date.now() - time.getTime()) / 3_600_000;

/**
 * How old the last success is, and whether something failed since. In production, where none was ever made, as old as
 * the installation: but that is not called unhealthy, since somebody else may keep the database. `[]` at a desk.
 */
function ageOf(
  sign: "backup" | "restoreCheck",
  operation: Operation["name"],
  { last, installedAt }: { last: Operation[]; installedAt: Date | null },
): VitalSign[] {
  const of = (ok: boolean) => last.find((one) => one.name === operation && one.ok === ok);
  const [good, bad] = [of(true), of(false)];
  const since = good?.startedAt ?? bad?.startedAt ?? installedAt;
  if (since === null) return [];
  const age = judge(sign, hoursSince(since));
  if (bad && (!good || bad.endedAt > good.endedAt)) return [atLeastDegraded(age)];
  return [good ? age : atMostDegraded(age)];
}

const certificateDetail = z.object({ notAfter: z.coerce.date() });

/** Until the certificate ends that was served when somebody last looked; `[]` where nobody did. */
function certificateOf(last: Operation[]): VitalSign[] {
  const looks = last.filter(({ name }) => name === "certificate");
  const newest = looks.toSorted((a, b) => b.endedAt.getTime() - a.endedAt.getTime())[0];
  if (!newest) return [];
  const known = looks
    .map(({ detail }) => certificateDetail.safeParse(detail))
    .flatMap(({ data }) => (data ? [data.notAfter.getTime()] : []));
  if (known.length === 0) return newest.ok ? [] : [judge("certificate", 0)];
  const sign = judge("certificate", (Math.max(...known) - Date.now()) / 86_400_000);
  return [newest.ok ? sign : atLeastDegraded(sign)];
}

/** What no month had room for is counted up to here: it matters whether there is any. */
const countedTo = 1_000;

/**
 * Measures what tells how the service is, each with its verdict. `diskPath` lies on the disk that is watched. Throws
 * where the database does not answer.
 */
export async function vitalSigns(
  db: Database,
  { production, diskPath }: { production: boolean; diskPath: string },
): Promise<VitalSign[]> {
  const { bavail, bsize } = await statfs(diskPath);
  const { rows } = await asOperator(db, (tx) =>
    tx.execute<{ lag: number; stray: number; installedAt: string }>(sql`
      select
        (select coalesce(extract(epoch from now() - min(run_at)), 0)::float from graphile_worker.jobs
          where run_at < now() and locked_at is null and attempts < max_attempts) as lag,
        (select count(*) from (select from partitions.messages_default limit ${countedTo}) m)
          + (select count(*) from (select from partitions.usage_events_default limit ${countedTo}) e) as stray,
        (select min(ran_at) from schema_migrations)::text as "installedAt"`),
  );
  const last = await lastOperations(db);
  const { lag = 0, stray = 0, installedAt } = rows[0] ?? {};
  const ages = { last, installedAt: production && installedAt ? new Date(installedAt) : null };
  return [
    judge("queue", lag),
    ...ageOf("backup", "backup", ages),
    ...ageOf("restoreCheck", "restore_check", ages),
    ...certificateOf(last),
    judge("disk", (bavail * bsize) / 1e9),
    judge("strayRows", stray),
  ];
}
