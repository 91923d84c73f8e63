import { aiUsage, billingIntervals, type BillingInterval } from "@charlie/contract";
import type { Stripe } from "stripe";
import { findPrices } from "./find-prices.ts";
import type { StripePrice } from "./normalise.ts";

/** What passes AI on the operator's key on. */
export interface UsagePrice {
  /** The id of the meter that takes the totals. */
  meter: string;
  /** The metered price for plans of each interval. */
  prices: Record<BillingInterval, string>;
}

/** Marks the metered prices, so that one that was replaced is still known for what it is. */
export const usageMark = "charlie_usage";

/** Whether a price passes AI on: by its id, its lookup key, or our mark on one that was ours before. */
export const isUsagePrice = ({ id, lookupKey, metadata }: StripePrice, usage: UsagePrice | null): boolean =>
  (usage !== null && Object.values(usage.prices).includes(id)) ||
  Object.values<string>(aiUsage.lookupKeys).includes(lookupKey ?? "") ||
  metadata[usageMark] !== undefined;

/** Our meter, an active one where there are several: Stripe allows one active meter for an event's name. */
export async function findMeter(stripe: Stripe): Promise<Stripe.Billing.Meter | null> {
  const ours: Stripe.Billing.Meter[] = [];
  for await (const meter of stripe.billing.meters.list({ limit: 100 })) {
    if (meter.event_name === aiUsage.meterEvent) ours.push(meter);
  }
  return ours.find(({ status }) => status === "active") ?? ours[0] ?? null;
}

/** Looks meter and metered prices up and makes nothing. `null` where one of them is not there. */
export async function findUsagePrice(stripe: Stripe): Promise<UsagePrice | null> {
  const meter = await findMeter(stripe);
  const found = await findPrices(stripe, Object.values(aiUsage.lookupKeys));
  const [month, year] = billingIntervals.map((interval) => {
    const price = found.get(aiUsage.lookupKeys[interval]);
    return price?.active ? price.id : undefined;
  });
  return meter?.status === "active" && month !== undefined && year !== undefined
    ? { meter: meter.id, prices: { month, year } }
    : null;
}
