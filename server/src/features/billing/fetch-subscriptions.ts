import { planOf, type BillingInterval } from "@charlie/contract";
import type { Stripe } from "stripe";
import {
  isMissing,
  isUsagePrice,
  normaliseInvoice,
  normaliseSubscription,
  planMark,
  type Catalogue,
  type PaidPlanId,
  type StripeInvoice,
  type StripeItem,
  type StripePrice,
  type StripeSubscription,
} from "../../integrations/stripe/index.ts";
import type { Candidate } from "./derive-plan.ts";
import { isDeleted } from "./is-deleted.ts";

export interface FetchedSubscription extends Candidate {
  stripe: StripeSubscription;
  interval: BillingInterval;
  /** The oldest payment that is open; looked up where the status is `past_due` or `unpaid`. */
  open: StripeInvoice | null;
  periodStart: Date;
  periodEnd: Date;
}

const paidPlans: readonly PaidPlanId[] = ["pro", "team"];

/** The plan that a price buys: by its id, its lookup key, or our mark on a price that was ours before; else `null`. */
export function planOfPrice(price: StripePrice, catalogue: Catalogue): PaidPlanId | null {
  const matches = (plan: PaidPlanId): boolean =>
    Object.values(catalogue.prices[plan]).includes(price.id) ||
    Object.values(planOf(plan).lookupKeys ?? {}).includes(price.lookupKey ?? "") ||
    price.metadata[planMark] === plan;
  return paidPlans.find(matches) ?? null;
}

const isUsage = ({ price }: StripeItem, { usage }: Catalogue): boolean => isUsagePrice(price, usage);

/** The item by which AI is passed on; `undefined` where the subscription has none. */
export const usageItem = ({ items }: StripeSubscription, catalogue: Catalogue): StripeItem | undefined =>
  items.find((item) => isUsage(item, catalogue));

/** Whether a line of an invoice charges for AI usage. */
export const isUsageLine = ({ pricing }: Stripe.InvoiceLineItem, { usage }: Catalogue): boolean => {
  const price = pricing?.price_details?.price;
  return usage !== null && Object.values(usage.prices).includes(typeof price === "object" ? price.id : (price ?? ""));
};

/** The item that buys the plan; else the first one that is no usage. */
export const ourItem = ({ items }: StripeSubscription, catalogue: Catalogue): StripeItem =>
  items.find(({ price }) => planOfPrice(price, catalogue) !== null) ??
  items.find((item) => !isUsage(item, catalogue)) ??
  items[0];

const dueSince = ({ dueSince: due, createdAt }: StripeInvoice): number => (due ?? createdAt).getTime();

/** The open invoice of a subscription that is due the longest; `null` where none is open. */
async function oldestOpen(stripe: Stripe, subscription: string): Promise<StripeInvoice | null> {
  const open = await stripe.invoices.list({ subscription, status: "open", limit: 100 });
  const invoices = open.data.map((invoice) => normaliseInvoice(invoice));
  return invoices.toSorted((a, b) => dueSince(a) - dueSince(b))[0] ?? null;
}

async function list(stripe: Stripe, customer: string): Promise<StripeSubscription[]> {
  const found: StripeSubscription[] = [];
  try {
    for await (const subscription of stripe.subscriptions.list({ customer, status: "all", limit: 100 })) {
      found.push(normaliseSubscription(subscription));
    }
  } catch (error) {
    // A customer that was deleted in Stripe's dashboard has no subscriptions any more.
    if (isMissing(error) && (await isDeleted(stripe, customer))) return [];
    throw error;
  }
  // Another account has none either.
  if (found.length === 0) await isDeleted(stripe, customer);
  return found;
}

/**
 * All subscriptions to a plan that a customer has or had, as Stripe tells now. Usage alone is no plan. Throws
 * `UnknownCustomer`.
 */
export async function fetchSubscriptions(
  stripe: Stripe,
  customer: string,
  catalogue: Catalogue,
): Promise<FetchedSubscription[]> {
  const all = await list(stripe, customer);
  const subscriptions = all.filter(({ items }) => items.some((item) => !isUsage(item, catalogue)));
  return Promise.all(
    subscriptions.map(async (subscription): Promise<FetchedSubscription> => {
      const ours = ourItem(subscription, catalogue);
      const owes = subscription.status === "past_due" || subscription.status === "unpaid";
      const open = owes ? await oldestOpen(stripe, subscription.id) : null;
      return {
        id: subscription.id,
        status: subscription.status,
        plan: planOfPrice(ours.price, catalogue),
        priceId: ours.price.id,
        createdAt: subscription.createdAt,
        // The open invoice may be written off while the status stays: then the period's start has to do.
        pastDueSince: owes ? (open ? new Date(dueSince(open)) : ours.periodStart) : null,
        open,
        interval: ours.price.interval === "year" ? "year" : "month",
        stripe: subscription,
        periodStart: ours.periodStart,
        periodEnd: ours.periodEnd,
      };
    }),
  );
}

/** What a renewal costs, in cents before tax: the plan alone, since nobody knows what AI will have been used by then. */
export function planCents({ lines, total_excluding_tax, total }: Stripe.Invoice, catalogue: Catalogue): number {
  const used = lines.data
    .filter((line) => isUsageLine(line, catalogue))
    .flatMap(({ amount, discount_amounts }) => [amount, ...(discount_amounts ?? []).map((part) => -part.amount)]);
  return used.reduce((left, amount) => left - amount, total_excluding_tax ?? total);
}

/** Cents of the next renewal: from the prices, or from Stripe's preview where a discount lowers them. */
export async function renewalCents(
  stripe: Stripe,
  { stripe: subscription }: FetchedSubscription,
  catalogue: Catalogue,
): Promise<number | null> {
  if (subscription.cancelAt) return null;
  if (!subscription.discounted) {
    return subscription.items.reduce((sum, { price, quantity }) => sum + (price.unitCents ?? 0) * quantity, 0);
  }
  return planCents(await stripe.invoices.createPreview({ subscription: subscription.id }), catalogue);
}
