import { randomUUIDv7 } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { aiUsage } from "@charlie/contract";
import { eq, sql } from "drizzle-orm";
import { asOperator } from "../../db/client.ts";
import { usageReports } from "../../db/schema/billing.ts";
import { isToldAlready } from "../../integrations/stripe/index.ts";
import type { BillingServices } from "./services.ts";
import type { UsagePeriod, UsageReport } from "./usage-ledger.ts";

/** The last minutes of a period are kept for totals that are told after it, each a second later than the one before. */
const keptSeconds = 600;

const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);
const minute = 60;
const pauseMs = 200;
const mostPauses = 20;

/**
 * The earliest time that a report may carry, in seconds: inside the period, later than the report before. The minute in
 * which the period ends is left out, because Stripe sums up by whole minutes. `null` where no room is left.
 */
export function timeOfReport(
  { periodStart, periodEnd }: Pick<UsagePeriod, "periodStart" | "periodEnd">,
  last: Date | null,
  now: Date,
): number | null {
  const end = Math.floor(seconds(periodEnd) / minute) * minute;
  const usual = Math.max(seconds(periodStart), Math.min(seconds(now) - 1, end - keptSeconds));
  const at = last ? Math.max(usual, seconds(last) + 1) : usual;
  return at < end ? at : null;
}

/**
 * Waits until the report's time is past, which takes a second or two at most: should the subscription change this very
 * second, Stripe would count a later one for the period that follows. `null` where the period has no room left.
 */
export async function placeOfReport(
  { now }: BillingServices,
  period: UsagePeriod,
  last: Date | null,
): Promise<Date | null> {
  for (let pauses = 0; pauses < mostPauses; pauses += 1) {
    const at = timeOfReport(period, last, now());
    if (at === null) return null;
    if (at < seconds(now())) return new Date(at * 1_000);
    await sleep(pauseMs);
  }
  throw new Error("Stripe's clock stands still");
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
