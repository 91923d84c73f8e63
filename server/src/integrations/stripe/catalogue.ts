import type { Plan, PlanId } from "@charlie/contract";
import type { Stripe } from "stripe";
import { isMissing } from "./errors.ts";

export type PaidPlanId = Exclude<PlanId, "free">;

/** What the product sells, as Stripe knows it. */
export interface Catalogue {
  /** Price id by plan. */
  prices: Record<PaidPlanId, string>;
  /** The portal's configuration: what a customer may do there. `null`: the account's default. */
  portal: string | null;
}

/** Marks the objects that belong to this product, so that they are found again. */
export const planMark = "charlie_plan";
const portalMark = "charlie_portal";

/** A plan that has a price. */
type PaidPlan = Plan & { id: PaidPlanId; lookupKey: string };
const isPaid = (plan: Plan): plan is PaidPlan => plan.id !== "free" && plan.lookupKey !== null;

async function findPrices(stripe: Stripe, plans: readonly PaidPlan[]): Promise<Map<string, Stripe.Price>> {
  const { data } = await stripe.prices.list({
    lookup_keys: plans.map(({ lookupKey }) => lookupKey),
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

/** Throws where a paid plan has no price. */
function everyPrice(found: ReadonlyMap<PaidPlanId, string | undefined>): Catalogue["prices"] {
  const priceOf = (id: PaidPlanId): string => {
    const price = found.get(id);
    if (price === undefined) throw new Error(`Stripe has no active price for the plan ${id}`);
    return price;
  };
  return { pro: priceOf("pro"), team: priceOf("team") };
}

/**
 * Looks the catalogue up in Stripe and makes nothing. `known` are price ids from the settings; they win over the
 * lookup keys. Throws, naming it, where a plan has no price.
 */
export async function findCatalogue(
  stripe: Stripe,
  allPlans: readonly Plan[],
  known: Partial<Record<PaidPlanId, string | undefined>>,
): Promise<Catalogue> {
  const plans = allPlans.filter(isPaid);
  const unknown = plans.filter(({ id }) => known[id] === undefined);
  const found = unknown.length > 0 ? await findPrices(stripe, unknown) : new Map<string, Stripe.Price>();
  return {
    prices: everyPrice(new Map(plans.map(({ id, lookupKey }) => [id, known[id] ?? found.get(lookupKey)?.id]))),
    portal: (await findPortal(stripe))?.id ?? null,
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
  product: string,
  found: Stripe.Price | undefined,
): Promise<string> {
  if (found?.unit_amount === plan.monthlyCents && found.product === product) return found.id;
  // A price never changes: a new one takes the lookup key over, and who pays the old one goes on paying it.
  const made = await stripe.prices.create({
    product,
    currency: "usd",
    unit_amount: plan.monthlyCents,
    recurring: { interval: "month" },
    lookup_key: plan.lookupKey,
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
  const sold = new Map<PaidPlanId, { product: string; price: string }>();
  for (const plan of plans) {
    const product = await ensureProduct(stripe, plan);
    sold.set(plan.id, { product, price: await ensurePrice(stripe, plan, product, found.get(plan.lookupKey)) });
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
      products: [...sold.values()].map(({ product, price }) => ({ product, prices: [price] })),
    },
  };
  const business_profile = { headline: "Your plan at Teach Charlie" };
  const return_url = `${publicUrl}/settings/billing`;
  // The mark changes with what it stands for, so a portal that is up to date is left alone.
  const mark = [return_url, ...[...sold.values()].map(({ price }) => price)].join(" ").slice(0, 500);
  const portal = await findPortal(stripe);
  const params = { features, business_profile, default_return_url: return_url, metadata: { [portalMark]: mark } };
  const current =
    portal === null
      ? await stripe.billingPortal.configurations.create(params)
      : portal.metadata?.[portalMark] === mark
        ? portal
        : await stripe.billingPortal.configurations.update(portal.id, params);
  return { prices: everyPrice(new Map([...sold].map(([id, { price }]) => [id, price]))), portal: current.id };
}
