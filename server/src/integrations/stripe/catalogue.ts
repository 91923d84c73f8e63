import { billingIntervals, priceCents, type BillingInterval, type Plan, type PlanId } from "@charlie/contract";
import type { Stripe } from "stripe";
import { conflict } from "../../errors.ts";
import { isMissing } from "./errors.ts";
import { ensureUsagePrice, findUsagePrice, type UsagePrice } from "./usage-price.ts";

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
const portalMark = "charlie_portal";

/** A plan that has prices. */
type PaidPlan = Plan & { id: PaidPlanId; lookupKeys: Record<BillingInterval, string> };
const isPaid = (plan: Plan): plan is PaidPlan => plan.id !== "free" && plan.lookupKeys !== null;

/** The active prices of these plans by their lookup keys. */
async function findPrices(stripe: Stripe, plans: readonly PaidPlan[]): Promise<Map<string, Stripe.Price>> {
  const { data } = await stripe.prices.list({
    lookup_keys: plans.flatMap(({ lookupKeys }) => Object.values(lookupKeys)),
    active: true,
    limit: 100,
  });
  return new Map(data.flatMap((price) => (price.lookup_key === null ? [] : [[price.lookup_key, price]])));
}

async function findPortal(stripe: Stripe): Promise<Stripe.BillingPortal.Configuration | null> {
  for await (const configuration of stripe.billingPortal.configurations.list({ active: true, limit: 100 })) {
    if (configuration.metadata?.[portalMark]) return configuration;
  }
  return null;
}

/** Both paid plans with the prices that `find` knows. Throws where one has no monthly price. */
function everyPlan(
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
  const found = await findPrices(stripe, plans);
  return {
    prices: everyPlan(
      plans,
      ({ id, lookupKeys }, interval) => known[id]?.[interval] ?? found.get(lookupKeys[interval])?.id,
    ),
    portal: (await findPortal(stripe))?.id ?? null,
    usage: await findUsagePrice(stripe),
  };
}

async function ensureProduct(stripe: Stripe, plan: PaidPlan): Promise<string> {
  const id = `charlie_${plan.id}`;
  const words = { name: `Teach Charlie ${plan.name}`, description: plan.pitch };
  try {
    const product = await stripe.products.retrieve(id);
    if (product.name !== words.name || product.description !== words.description)
      await stripe.products.update(id, words);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await stripe.products.create({ id, ...words, metadata: { [planMark]: plan.id } });
  }
  return id;
}

async function ensurePrice(
  stripe: Stripe,
  plan: PaidPlan,
  interval: BillingInterval,
  { product, found }: { product: string; found: Stripe.Price | undefined },
): Promise<string> {
  const cents = priceCents(plan, interval);
  if (found?.unit_amount === cents && found.product === product) return found.id;
  // A price never changes: a new one takes the lookup key over, and who pays the old one goes on paying it.
  const made = await stripe.prices.create({
    product,
    currency: "usd",
    unit_amount: cents,
    recurring: { interval },
    lookup_key: plan.lookupKeys[interval],
    transfer_lookup_key: true,
    metadata: { [planMark]: plan.id },
  });
  return made.id;
}

/**
 * Makes or finds, by id, lookup key and metadata, the products, prices and the portal's configuration for these
 * plans. Called again it changes nothing. Throws what Stripe answers where it refuses.
 */
export async function ensureCatalogue(
  stripe: Stripe,
  allPlans: readonly Plan[],
  { publicUrl }: { publicUrl: string },
): Promise<Catalogue> {
  const plans = allPlans.filter(isPaid);
  const found = await findPrices(stripe, plans);
  const prices = new Map<string, string>();
  const products: { product: string; prices: string[] }[] = [];
  for (const plan of plans) {
    const product = await ensureProduct(stripe, plan);
    for (const interval of billingIntervals) {
      const key = plan.lookupKeys[interval];
      prices.set(key, await ensurePrice(stripe, plan, interval, { product, found: found.get(key) }));
    }
    products.push({ product, prices: billingIntervals.flatMap((each) => prices.get(plan.lookupKeys[each]) ?? []) });
  }
  const features: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
    customer_update: { enabled: true, allowed_updates: ["email", "name", "address", "tax_id"] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["price"],
      // The difference is paid at once: a bigger plan is never used before it is paid.
      proration_behavior: "always_invoice",
      products,
    },
  };
  const business_profile = { headline: "Your plan at Teach Charlie" };
  const return_url = `${publicUrl}/settings/billing`;
  // The mark changes with what it stands for, so a portal that is up to date is left alone.
  const mark = [return_url, ...prices.values()].join(" ").slice(0, 500);
  const portal = await findPortal(stripe);
  const params = { features, business_profile, default_return_url: return_url, metadata: { [portalMark]: mark } };
  const current =
    portal === null
      ? await stripe.billingPortal.configurations.create(params)
      : portal.metadata?.[portalMark] === mark
        ? portal
        : await stripe.billingPortal.configurations.update(portal.id, params);
  return {
    prices: everyPlan(plans, ({ lookupKeys }, interval) => prices.get(lookupKeys[interval])),
    portal: current.id,
    usage: await ensureUsagePrice(stripe),
  };
}
