import type { BillingInterval, Plan, PlanId } from "@charlie/contract";
import type { Stripe } from "stripe";
import { conflict } from "../../errors.ts";
import { findPrices } from "./find-prices.ts";
import { findUsagePrice, type UsagePrice } from "./usage-price.ts";

export type PaidPlanId = Exclude<PlanId, "free">;

export interface PlanPrices {
  month: string;
  year: string | null;
}

/** What the product sells, as Stripe knows it. */
export interface Catalogue {
  /** Price ids. Without a yearly one the plan is sold by the month only. */
  prices: Record<PaidPlanId, PlanPrices>;
  /** The portal's configuration: what a customer may do there. `null`: the account's default. */
  portal: string | null;
  /** What AI on the operator's key is passed on with; `null` where Stripe has none: then nothing can be reported. */
  usage: UsagePrice | null;
}

/** The price that sells a plan by the month or by the year. Throws 409 `no_yearly_price`. */
export function priceOf({ prices }: Catalogue, plan: PaidPlanId, interval: BillingInterval): string {
  const price = prices[plan][interval];
  if (price !== null) return price;
  throw conflict("no_yearly_price", "This plan is paid by the month here. Please choose the monthly price.");
}

/** Marks the objects that belong to this product, so that they are found again. */
export const planMark = "charlie_plan";
export const portalMark = "charlie_portal";

/** A plan that has prices. */
export type PaidPlan = Plan & { id: PaidPlanId; lookupKeys: Record<BillingInterval, string> };
export const isPaid = (plan: Plan): plan is PaidPlan => plan.id !== "free" && plan.lookupKeys !== null;

/** Our portal configuration, an active one where there are several. */
export async function findPortal(stripe: Stripe): Promise<Stripe.BillingPortal.Configuration | null> {
  const ours: Stripe.BillingPortal.Configuration[] = [];
  const all = { limit: 100, expand: ["data.features.subscription_update.products"] };
  for await (const configuration of stripe.billingPortal.configurations.list(all)) {
    if (configuration.metadata?.[portalMark]) ours.push(configuration);
  }
  return ours.find(({ active }) => active) ?? ours[0] ?? null;
}

/** Both paid plans with the prices that `find` knows. Throws where one has no monthly price. */
export function everyPlan(
  plans: readonly PaidPlan[],
  find: (plan: PaidPlan, interval: BillingInterval) => string | undefined,
): Catalogue["prices"] {
  const pricesOf = (id: PaidPlanId): PlanPrices => {
    const plan = plans.find((candidate) => candidate.id === id);
    const month = plan && find(plan, "month");
    if (!plan || month === undefined) throw new Error(`Stripe has no active price for the plan ${id}`);
    return { month, year: find(plan, "year") ?? null };
  };
  return { pro: pricesOf("pro"), team: pricesOf("team") };
}

/** Price ids from the settings. */
type KnownPrices = Partial<Record<PaidPlanId, Partial<Record<BillingInterval, string | undefined>>>>;

/**
 * Looks the catalogue up in Stripe and makes nothing. What is `known` wins over the lookup keys. Throws, naming it,
 * where a plan has no monthly price.
 */
export async function findCatalogue(stripe: Stripe, allPlans: readonly Plan[], known: KnownPrices): Promise<Catalogue> {
  const plans = allPlans.filter(isPaid);
  const found = await findPrices(
    stripe,
    plans.flatMap(({ lookupKeys }) => Object.values(lookupKeys)),
  );
  const portal = await findPortal(stripe);
  const active = (price?: Stripe.Price): string | undefined => (price?.active ? price.id : undefined);
  return {
    prices: everyPlan(
      plans,
      ({ id, lookupKeys }, interval) => known[id]?.[interval] ?? active(found.get(lookupKeys[interval])),
    ),
    portal: portal?.active ? portal.id : null,
    usage: await findUsagePrice(stripe),
  };
}
