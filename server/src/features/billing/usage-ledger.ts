import { and, asc, desc, eq, isNull, lt, lte, ne, or, sql, sum } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { usagePeriods, usageReports } from "../../db/schema/billing.ts";

export type UsagePeriod = typeof usagePeriods.$inferSelect;
/** A period as Stripe's subscription item tells it. */
export type NewPeriod = Omit<
  typeof usagePeriods.$inferInsert,
  "acceptedMicros" | "settledAt" | "invoicedMicros" | "invoicedCents" | "stripeInvoiceId"
>;
export type UsageReport = typeof usageReports.$inferSelect;

// $1 workspace, $2 a moment or null. The days' sums, less what came since: one statement, so both are of the same moment.
const recordedSql = `
select (
  (select coalesce(sum(passed_on_micros), 0) from usage_daily where workspace_id = $1 and passed_on_micros > 0)
  - (select coalesce(sum(cost_micros), 0) from usage_events where workspace_id = $1 and passed_on and created_at >= $2)
)::bigint as micros`;

/** Micro-dollars of AI that a workspace has to pay on: all, or of answers that ended before a moment. */
export async function recordedMicros(tx: Tx, workspaceId: string, before: Date | null): Promise<number> {
  const { rows } = await tx.$client.query<{ micros: number }>({
    name: "usage-recorded",
    text: recordedSql,
    values: [workspaceId, before],
  });
  return rows[0]?.micros ?? 0;
}

/** Micro-dollars that final invoices have charged for. */
export async function settledMicros(tx: Tx, workspaceId: string): Promise<number> {
  const [row] = await tx
    .select({ micros: sum(usagePeriods.invoicedMicros) })
    .from(usagePeriods)
    .where(eq(usagePeriods.workspaceId, workspaceId));
  return Number(row?.micros ?? 0);
}

/** The periods whose invoice is not final yet, the oldest first. */
export const openPeriods = (tx: Tx, workspaceId: string): Promise<UsagePeriod[]> =>
  tx
    .select()
    .from(usagePeriods)
    .where(and(eq(usagePeriods.workspaceId, workspaceId), isNull(usagePeriods.settledAt)))
    .orderBy(asc(usagePeriods.periodStart));

type PeriodKey = Pick<UsagePeriod, "workspaceId" | "stripeItemId" | "periodStart">;

/** The row of a period. */
export const thisPeriod = ({ workspaceId, stripeItemId, periodStart }: PeriodKey) =>
  and(
    eq(usagePeriods.workspaceId, workspaceId),
    eq(usagePeriods.stripeItemId, stripeItemId),
    eq(usagePeriods.periodStart, periodStart),
  );

/** The report of a period that was decided on last. */
export async function lastReport(
  tx: Tx,
  { workspaceId, stripeItemId, periodStart }: PeriodKey,
): Promise<UsageReport | null> {
  const [row] = await tx
    .select()
    .from(usageReports)
    .where(
      and(
        eq(usageReports.workspaceId, workspaceId),
        eq(usageReports.stripeItemId, stripeItemId),
        eq(usageReports.periodStart, periodStart),
      ),
    )
    .orderBy(desc(usageReports.reportedFor))
    .limit(1);
  return row ?? null;
}

/**
 * Opens a period that Stripe counts in, and ends those of the same subscription that it has taken over from: also one of
 * the same second, where a plan was switched twice.
 */
export async function openPeriod(tx: Tx, period: NewPeriod): Promise<void> {
  const { workspaceId, stripeItemId, stripeSubscriptionId, periodStart } = period;
  await tx.insert(usagePeriods).values(period).onConflictDoNothing();
  await tx
    .update(usagePeriods)
    .set({ periodEnd: sql`greatest(${usagePeriods.periodStart}, ${periodStart.toISOString()}::timestamptz)` })
    .where(
      and(
        eq(usagePeriods.workspaceId, workspaceId),
        eq(usagePeriods.stripeSubscriptionId, stripeSubscriptionId),
        isNull(usagePeriods.settledAt),
        lte(usagePeriods.periodStart, periodStart),
        or(lt(usagePeriods.periodStart, periodStart), ne(usagePeriods.stripeItemId, stripeItemId)),
        sql`${usagePeriods.periodEnd} > ${periodStart.toISOString()}::timestamptz`,
      ),
    );
}
