import { and, eq, inArray } from "drizzle-orm";
import type { Stripe } from "stripe";
import { asOperator } from "../../db/client.ts";
import { usagePeriods } from "../../db/schema/billing.ts";
import { isMissing } from "../../integrations/stripe/index.ts";
import { isDeleted } from "./is-deleted.ts";
import type { BillingServices } from "./services.ts";
import { thisPeriod, type UsagePeriod } from "./usage-ledger.ts";

const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);

/** How long after a period's end its invoice is waited for: Stripe makes it at once and finalises it an hour later. */
const waitMs = 24 * 60 * 60 * 1_000;

export interface UsageLine {
  invoice: Stripe.Invoice;
  /** What it charges for. */
  micros: number;
  cents: number;
}

async function linesOf(stripe: Stripe, invoice: Stripe.Invoice): Promise<Stripe.InvoiceLineItem[]> {
  if (!invoice.lines.has_more) return invoice.lines.data;
  const lines: Stripe.InvoiceLineItem[] = [];
  for await (const line of stripe.invoices.listLineItems(invoice.id, { limit: 100 })) lines.push(line);
  return lines;
}

/** The line by which a period's usage stands on an invoice of its subscription; `null` where there is none yet. */
export async function findUsageLine(stripe: Stripe, period: UsagePeriod): Promise<UsageLine | null> {
  const start = seconds(period.periodStart);
  const invoices = stripe.invoices.list({
    subscription: period.stripeSubscriptionId,
    created: { gte: start },
    limit: 100,
  });
  for await (const invoice of invoices) {
    for (const { pricing, period: time, quantity, amount } of await linesOf(stripe, invoice)) {
      if (pricing?.price_details?.price !== period.stripePriceId || time.start !== start) continue;
      return { invoice, micros: quantity ?? 0, cents: amount };
    }
  }
  return null;
}

async function endOf(
  stripe: Stripe,
  { stripeSubscriptionId, stripeCustomerId, periodEnd }: UsagePeriod,
): Promise<Date> {
  try {
    const { ended_at } = await stripe.subscriptions.retrieve(stripeSubscriptionId);
    return ended_at === null ? periodEnd : new Date(Math.min(ended_at * 1_000, periodEnd.getTime()));
  } catch (error) {
    if (!isMissing(error)) throw error;
    // With another account's key nothing is known of what was charged.
    await isDeleted(stripe, stripeCustomerId);
    return new Date(0);
  }
}

/**
 * Closes a period once its invoice is final: what that charges for is what counts, whatever was reported, and the rest
 * is left to the next period. A period that is over for a day and stands on no invoice was not charged for. Returns
 * whether it is closed now; if not, it still takes totals.
 */
export async function settleUsage({ db, stripe, now }: BillingServices, period: UsagePeriod): Promise<boolean> {
  const line = await findUsageLine(stripe, period);
  if (line?.invoice.status === "draft") return false;
  if (!line && now().getTime() < (await endOf(stripe, period)).getTime() + waitMs) return false;
  // What a void invoice asked for is owed no more: it was not charged.
  const charged = line?.invoice.status === "void" ? null : line;
  await asOperator(db, (tx) =>
    tx
      .update(usagePeriods)
      .set({
        settledAt: now(),
        invoicedMicros: charged?.micros ?? 0,
        invoicedCents: charged?.cents ?? null,
        stripeInvoiceId: line?.invoice.id ?? null,
      })
      .where(thisPeriod(period)),
  );
  return true;
}

/** Takes back what was counted as charged by invoices of a subscription that are void now: it is to be told anew. */
export async function takeBackVoid(
  { db, stripe }: BillingServices,
  workspaceId: string,
  subscription: string,
): Promise<void> {
  const { data } = await stripe.invoices.list({ subscription, status: "void", limit: 100 });
  const ids = data.map(({ id }) => id);
  await asOperator(db, (tx) =>
    tx
      .update(usagePeriods)
      .set({ invoicedMicros: 0, invoicedCents: null })
      .where(and(eq(usagePeriods.workspaceId, workspaceId), inArray(usagePeriods.stripeInvoiceId, ids))),
  );
}
