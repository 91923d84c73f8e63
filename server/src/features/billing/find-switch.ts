import { planOf, type BillingInterval } from "@charlie/contract";
import type { Stripe } from "stripe";
import type { Ctx } from "../../context.ts";
import { conflict } from "../../errors.ts";
import {
  normaliseSubscription,
  priceOf,
  type Catalogue,
  type PaidPlanId,
  type StripeSubscription,
} from "../../integrations/stripe/index.ts";
import { ourItem, usageItem } from "./fetch-subscriptions.ts";
import { isSubscribed, knownPlan, noRunningPlan } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";

export interface Choice {
  plan: PaidPlanId;
  interval: BillingInterval;
}

export interface Switch {
  catalogue: Catalogue;
  subscription: string;
  /** The price that is paid now, and the one to be paid. */
  fromPrice: string;
  price: string;
  items: Stripe.SubscriptionUpdateParams.Item[];
  /** A period of another length starts at once. */
  newInterval: boolean;
  /** What AI ran up until then is charged with it. */
  billsUsage: boolean;
  periodStart: Date;
  periodEnd: Date;
}

/** All items of a subscription are charged at one interval: usage moves to the price of the new one, and is billed so far. */
function movedUsage(now: StripeSubscription, interval: BillingInterval, catalogue: Catalogue): Switch["items"] {
  const usage = usageItem(now, catalogue);
  if (!usage || !catalogue.usage || usage.price.interval === interval) return [];
  return [{ id: usage.id, deleted: true }, { price: catalogue.usage.prices[interval] }];
}

/**
 * What has to change in Stripe for a plan, from how the subscription stands there now. Throws 409 `never_paid`,
 * `no_running_plan`, `same_plan`, `payment_due`, `plan_ends`, `no_yearly_price`.
 */
export async function findSwitch(ctx: Ctx, { plan, interval }: Choice, services: BillingServices): Promise<Switch> {
  const { known } = await ctx.transaction((tx) => knownPlan(tx, ctx.workspaceId));
  if (!isSubscribed(known)) throw noRunningPlan();
  const catalogue = await services.catalogue();
  const price = priceOf(catalogue, plan, interval);
  const now = normaliseSubscription(await services.stripe.subscriptions.retrieve(known.stripeSubscriptionId));
  if (!isSubscribed(now)) throw noRunningPlan();
  if (now.status === "past_due" || now.status === "unpaid")
    throw conflict("payment_due", "The last payment is still open. Please pay it first, then you can switch.");
  if (now.cancelAt)
    throw conflict("plan_ends", "Your plan is set to end. Please undo the cancellation first, then you can switch.");
  const item = ourItem(now, catalogue);
  if (item.price.id === price) {
    const words = interval === "year" ? "paid by the year" : "paid by the month";
    throw conflict("same_plan", `This workspace has the ${planOf(plan).name} plan already, ${words}.`);
  }
  const usage = movedUsage(now, interval, catalogue);
  return {
    catalogue,
    subscription: now.id,
    fromPrice: item.price.id,
    price,
    newInterval: item.price.interval !== interval,
    billsUsage: usage.length > 0,
    periodStart: item.periodStart,
    periodEnd: item.periodEnd,
    items: [{ id: item.id, price, quantity: item.quantity }, ...usage],
  };
}

/** The invoice that a switch would bring, counted from a moment in seconds. Nothing is changed. */
export const previewInvoice = (
  { stripe }: BillingServices,
  { subscription, items }: Switch,
  proration_date: number,
): Promise<Stripe.Invoice> =>
  stripe.invoices.createPreview({
    subscription,
    subscription_details: { items, proration_behavior: "always_invoice", proration_date },
  });

/** Cents that a switch costs: what is due now, less what stays as credit. */
export const netCents = ({ amount_due, total, starting_balance }: Stripe.Invoice): number =>
  amount_due - Math.max(0, -(total + starting_balance));
