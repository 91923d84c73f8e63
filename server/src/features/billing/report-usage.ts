import { eq } from "drizzle-orm";
import { asOperator, type Tx } from "../../db/client.ts";
import { subscriptions, usagePeriods } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import {
  isMissing,
  normaliseSubscription,
  type Catalogue,
  type StripeItem,
  type StripeSubscription,
} from "../../integrations/stripe/index.ts";
import { enqueue } from "../../jobs/queue.ts";
import { ourItem, usageItem } from "./fetch-subscriptions.ts";
import { withBillingLock } from "./lock.ts";
import { isRunning } from "./running-plan.ts";
import { decideReport, placeOfReport, sendReport } from "./send-usage-report.ts";
import type { BillingServices } from "./services.ts";
import { settleUsage } from "./settle-usage.ts";
import {
  lastReport,
  openPeriod,
  openPeriods,
  recordedMicros,
  settledMicros,
  thisPeriod,
  type UsagePeriod,
} from "./usage-ledger.ts";

/** Stripe takes meter events of the last 35 days. An older report is told again with a new time. */
const oldestMs = 34 * 24 * 60 * 60 * 1_000;

/** Stripe finalises a period's invoice an hour after its end: https://docs.stripe.com/billing/invoices/subscription */
const beforeEndMs = 5 * 60 * 1_000;
const afterEndMs = 20 * 60 * 1_000;

/** One waiting report at most for each workspace. */
export const usageKey = (workspaceId: string): string => `usage:${workspaceId}`;

async function runningSubscription(
  services: BillingServices,
  tx: Tx,
  workspaceId: string,
): Promise<StripeSubscription | null> {
  const [known] = await tx.select().from(subscriptions).where(eq(subscriptions.workspaceId, workspaceId));
  if (!known) return null;
  try {
    const now = normaliseSubscription(await services.stripe.subscriptions.retrieve(known.stripeSubscriptionId));
    return isRunning(now) ? now : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The item that usage is billed by; a subscription from before there was one gets it now. */
async function ensureItem(
  services: BillingServices,
  subscription: StripeSubscription,
  catalogue: Catalogue,
): Promise<StripeItem> {
  const found = usageItem(subscription, catalogue);
  if (found) return found;
  const interval = ourItem(subscription, catalogue).price.interval === "year" ? "year" : "month";
  const price = catalogue.usage?.prices[interval];
  if (price === undefined) throw new Error("Stripe has no meter and price for AI usage: run the Stripe set-up");
  await services.stripe.subscriptionItems.create(
    { subscription: subscription.id, price, proration_behavior: "none" },
    { idempotencyKey: `usage-item:${subscription.id}:${price}` },
  );
  const added = usageItem(
    normaliseSubscription(await services.stripe.subscriptions.retrieve(subscription.id)),
    catalogue,
  );
  if (!added) throw new Error(`the subscription ${subscription.id} did not take the item for AI usage`);
  return added;
}

/** Brings a period's total to `micros`: first what is not known to have arrived, then what has come since. */
async function tell(services: BillingServices, period: UsagePeriod, micros: number): Promise<void> {
  const last = await asOperator(services.db, (tx) => lastReport(tx, period));
  const lost = last !== null && last.acceptedAt === null;
  const tooOld = last !== null && services.now().getTime() - last.reportedFor.getTime() > oldestMs;
  if (lost && !tooOld) await sendReport(services, period, last);
  if ((last?.micros ?? 0) === micros && !(lost && tooOld)) return;
  const at = await placeOfReport(services, period, last?.reportedFor ?? null);
  // No room is left in it: the next period takes the rest, as the invoice will show this one's.
  if (!at) return;
  await sendReport(services, period, await decideReport(services, period, micros, at));
}

/**
 * Keeps what Stripe's own summary says that it has. Stripe sums up by whole minutes, so a period of which it was told
 * nothing is not asked for: one that ended early may have reports in the same minute.
 */
async function keepAccepted({ db, stripe }: BillingServices, { usage }: Catalogue, period: UsagePeriod): Promise<void> {
  const last = await asOperator(db, (tx) => lastReport(tx, period));
  if (!usage || !last) return;
  const minuteOf = (at: Date): number => Math.floor(at.getTime() / 60_000) * 60;
  const { data } = await stripe.billing.meters.listEventSummaries(usage.meter, {
    customer: period.stripeCustomerId,
    start_time: minuteOf(period.periodStart),
    end_time: Math.max(minuteOf(period.periodEnd), minuteOf(last.reportedFor) + 60),
  });
  const acceptedMicros = data[0]?.aggregated_value ?? 0;
  await asOperator(db, (tx) => tx.update(usagePeriods).set({ acceptedMicros }).where(thisPeriod(period)));
}

/** Asks for a report shortly before the period closes, and for one between its end and its invoice. */
async function lookAgain({ now }: BillingServices, tx: Tx, workspaceId: string, end: Date): Promise<void> {
  const left = end.getTime() - now().getTime();
  const inMs = left > beforeEndMs ? left - beforeEndMs : Math.max(left, 0) + afterEndMs;
  await enqueue(
    tx,
    "billing-usage",
    { workspaceId },
    { key: usageKey(workspaceId), runAt: new Date(Date.now() + inMs) },
  );
}

/** Whether a period is the one that Stripe counts in now. */
const isCurrent = (period: UsagePeriod, item: StripeItem | null): boolean =>
  item !== null && period.stripeItemId === item.id && period.periodStart.getTime() === item.periodStart.getTime();

/** `reportUsage` for a caller that holds the billing lock. */
export async function reportLocked(services: BillingServices, tx: Tx, workspaceId: string): Promise<void> {
  const operator = <T>(work: (own: Tx) => Promise<T>): Promise<T> => asOperator(services.db, work);
  const [workspace] = await tx.select().from(workspaces).where(eq(workspaces.id, workspaceId));
  const customer = workspace?.stripeCustomerId;
  if (!customer) return;
  const recorded = await operator((own) => recordedMicros(own, workspaceId, null));
  const settled = await operator((own) => settledMicros(own, workspaceId));
  if (recorded === settled && (await openPeriods(tx, workspaceId)).length === 0) return;

  const catalogue = await services.catalogue();
  const subscription = await runningSubscription(services, tx, workspaceId);
  const item = subscription && (await ensureItem(services, subscription, catalogue));
  if (item) {
    await operator((own) =>
      openPeriod(own, {
        workspaceId,
        stripeItemId: item.id,
        stripePriceId: item.price.id,
        stripeSubscriptionId: subscription.id,
        stripeCustomerId: customer,
        periodStart: item.periodStart,
        periodEnd: item.periodEnd,
      }),
    );
  }
  const open: UsagePeriod[] = [];
  for (const period of await operator((own) => openPeriods(own, workspaceId))) {
    if (isCurrent(period, item) || !(await settleUsage(services, period))) open.push(period);
  }
  let told = await operator((own) => settledMicros(own, workspaceId));
  for (const period of open) {
    // An answer belongs to the period in which it ended; what has no place there any more, to the next.
    const before = isCurrent(period, item) ? null : period.periodEnd;
    const micros = Math.max(0, (await operator((own) => recordedMicros(own, workspaceId, before))) - told);
    await tell(services, period, micros);
    await keepAccepted(services, catalogue, period);
    told += micros;
  }
  if (item)
    await lookAgain(
      services,
      tx,
      workspaceId,
      new Date(Math.min(item.periodEnd.getTime(), subscription.cancelAt?.getTime() ?? Infinity)),
    );
}

/**
 * Tells Stripe how much AI a workspace used at the operator's cost, as the absolute total of each period that is not
 * invoiced yet. Called again, at once on two servers or after any failure, it changes nothing that is right. Throws what
 * Stripe answers; the report that failed stays, with its error, and is sent again next time.
 */
export const reportUsage = (services: BillingServices, workspaceId: string): Promise<void> =>
  withBillingLock(services, workspaceId, (tx) => reportLocked(services, tx, workspaceId));
