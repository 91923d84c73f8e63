import { aiUsage, billingIntervals, priceCents, type BillingInterval } from "@charlie/contract";
import { planMark, type PaidPlan } from "../catalogue.ts";
import { usageMark } from "../usage-price.ts";

/** A product as Stripe is to have it. */
export interface WantedProduct {
  id: string;
  name: string;
  description: string;
  /** Metadata by which it and its prices are known for ours. */
  mark: { name: string; value: string };
  prices: WantedPrice[];
}

export interface WantedPrice {
  /** Its lookup key. */
  key: string;
  /** Cents of a US dollar for each unit, as Stripe's decimal. */
  cents: string;
  interval: BillingInterval;
  /** Counts the units; without one they are bought in advance. */
  meter?: string;
}

export const planProduct = (plan: PaidPlan): WantedProduct => ({
  id: `charlie_${plan.id}`,
  name: `Teach Charlie ${plan.name}`,
  description: plan.pitch,
  mark: { name: planMark, value: plan.id },
  prices: billingIntervals.map((interval) => ({
    key: plan.lookupKeys[interval],
    cents: String(priceCents(plan, interval)),
    interval,
  })),
});

/** `meter` is the id of the one that counts. */
export const usageProduct = (meter: string): WantedProduct => ({
  id: aiUsage.product,
  name: `Teach Charlie ${aiUsage.name}`,
  description: aiUsage.pitch,
  mark: { name: usageMark, value: "ai" },
  prices: billingIntervals.map((interval) => ({
    key: aiUsage.lookupKeys[interval],
    cents: aiUsage.unitCents,
    interval,
    meter,
  })),
});
