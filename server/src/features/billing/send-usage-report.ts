import { randomUUIDv7 } from "node:crypto";
import { aiUsage } from "@charlie/contract";
import { eq, sql } from "drizzle-orm";
import { asOperator } from "../../db/client.ts";
import { usageReports } from "../../db/schema/billing.ts";
import { isToldAlready } from "../../integrations/stripe/index.ts";
import type { BillingServices } from "./services.ts";
import type { UsagePeriod, UsageReport } from "./usage-ledger.ts";

/**
 * The last seconds of a period are kept for totals that are told after it, each a second later than the one before;
 * the very last minute stays empty, because Stripe sums up by whole minutes.
 */
const keptSeconds = 600;
const emptySeconds = 61;

/**
 * The time that a report carries: inside the period, later than the report before, and a second ago, so that a
 * subscription that ends this second has it. `null` where the period has no room left.
 */
export function timeOfReport(
  { periodStart, periodEnd }: Pick<UsagePeriod, "periodStart" | "periodEnd">,
  last: Date | null,
  now: Date,
): Date | null {
  const [start, end, today] = [periodStart, periodEnd, now].map((at) => Math.floor(at.getTime() / 1_000)) as [
    number,
    number,
    number,
  ];
  const usual = Math.max(start, Math.min(today - 1, end - keptSeconds));
  const at = last ? Math.max(usual, Math.floor(last.getTime() / 1_000) + 1) : usual;
  return at > Math.max(start, end - emptySeconds) ? null : new Date(at * 1_000);
}

/**
 * Puts a total on record before Stripe hears of it. Its identifier is made of what it says, so that the same report,
 * sent again by whoever finds it, is the same to Stripe.
 */
export async function decideReport(
  { db }: BillingServices,
  period: UsagePeriod,
  micros: number,
  at: Date,
): Promise<UsageReport> {
  const { workspaceId, stripeItemId, periodStart } = period;
  const identifier = [workspaceId, periodStart.getTime() / 1_000, micros, at.getTime() / 1_000].join(":");
  const [row] = await asOperator(db, (tx) =>
    tx
      .insert(usageReports)
      .values({ id: randomUUIDv7(), workspaceId, stripeItemId, periodStart, identifier, micros, reportedFor: at })
      .returning(),
  );
  if (!row) throw new Error("a report was not kept");
  return row;
}

/** Tells Stripe a total. That it knows it already is as good. Throws what Stripe answers; the row says so too. */
export async function sendReport(
  { db, stripe }: BillingServices,
  period: UsagePeriod,
  report: UsageReport,
): Promise<void> {
  const note = (set: Partial<UsageReport>) =>
    asOperator(db, (tx) => tx.update(usageReports).set(set).where(eq(usageReports.id, report.id)));
  await asOperator(db, (tx) =>
    tx
      .update(usageReports)
      .set({ attempts: sql`${usageReports.attempts} + 1`, attemptedAt: new Date() })
      .where(eq(usageReports.id, report.id)),
  );
  try {
    await stripe.billing.meterEvents.create({
      event_name: aiUsage.meterEvent,
      identifier: report.identifier,
      timestamp: report.reportedFor.getTime() / 1_000,
      payload: { stripe_customer_id: period.stripeCustomerId, value: String(report.micros) },
    });
  } catch (error) {
    if (!isToldAlready(error)) {
      await note({ error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }
  await note({ acceptedAt: new Date(), error: null });
}
