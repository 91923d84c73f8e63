import { aiUsage, billingIntervals, type BillingInterval } from "@charlie/contract";
import { Stripe } from "stripe";
import { isMissing } from "./errors.ts";

/** What passes AI on the operator's key on. */
export interface UsagePrice {
  /** The id of the meter that takes the totals. */
  meter: string;
  /** The metered price for plans of each interval. */
  prices: Record<BillingInterval, string>;
}

/** Marks the metered prices, so that one that was replaced is still known for what it is. */
const usageMark = "charlie_usage";

async function findMeter(stripe: Stripe): Promise<Stripe.Billing.Meter | null> {
  for await (const meter of stripe.billing.meters.list({ status: "active", limit: 100 })) {
    // Stripe allows one active meter for an event's name.
    if (meter.event_name === aiUsage.meterEvent) return meter;
  }
  return null;
}

async function findUsagePrices(stripe: Stripe): Promise<Map<string, Stripe.Price>> {
  const lookup_keys = Object.values(aiUsage.lookupKeys);
  const { data } = await stripe.prices.list({ lookup_keys, active: true, limit: 100 });
  return new Map(data.flatMap((price) => (price.lookup_key === null ? [] : [[price.lookup_key, price]])));
}

/** Looks meter and metered prices up and makes nothing. `null` where one of them is not there. */
export async function findUsagePrice(stripe: Stripe): Promise<UsagePrice | null> {
  const meter = await findMeter(stripe);
  const found = await findUsagePrices(stripe);
  const [month, year] = billingIntervals.map((interval) => found.get(aiUsage.lookupKeys[interval])?.id);
  return meter && month !== undefined && year !== undefined ? { meter: meter.id, prices: { month, year } } : null;
}

async function ensureMeter(stripe: Stripe): Promise<string> {
  const found = await findMeter(stripe);
  if (found) {
    const { formula } = found.default_aggregation;
    // A meter cannot be changed, and totals that are added up would charge many times over.
    if (formula !== "last") throw new Error(`Stripe's meter for ${aiUsage.meterEvent} has the formula ${formula}`);
    return found.id;
  }
  const made = await stripe.billing.meters.create({
    display_name: `Teach Charlie ${aiUsage.name}`,
    event_name: aiUsage.meterEvent,
    default_aggregation: { formula: "last" },
    customer_mapping: { type: "by_id", event_payload_key: "stripe_customer_id" },
    value_settings: { event_payload_key: "value" },
  });
  return made.id;
}

async function ensureProduct(stripe: Stripe): Promise<void> {
  const { product: id, pitch: description } = aiUsage;
  const words = { name: `Teach Charlie ${aiUsage.name}`, description };
  try {
    const { name, description: told } = await stripe.products.retrieve(id);
    if (name !== words.name || told !== description) await stripe.products.update(id, words);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await stripe.products.create({ id, ...words, metadata: { [usageMark]: "ai" } });
  }
}

const fits = (price: Stripe.Price, meter: string): boolean =>
  price.product === aiUsage.product &&
  price.recurring?.meter === meter &&
  Number(price.unit_amount_decimal) === Number(aiUsage.unitCents);

/** Makes or finds the meter and the metered prices. Called again it changes nothing. Throws where the meter there does not fit. */
export async function ensureUsagePrice(stripe: Stripe): Promise<UsagePrice> {
  const meter = await ensureMeter(stripe);
  await ensureProduct(stripe);
  const found = await findUsagePrices(stripe);
  const ensure = async (interval: BillingInterval): Promise<string> => {
    const lookup_key = aiUsage.lookupKeys[interval];
    const known = found.get(lookup_key);
    if (known && fits(known, meter)) return known.id;
    const made = await stripe.prices.create({
      product: aiUsage.product,
      currency: "usd",
      unit_amount_decimal: Stripe.Decimal.from(aiUsage.unitCents),
      recurring: { interval, usage_type: "metered", meter },
      lookup_key,
      transfer_lookup_key: true,
      metadata: { [usageMark]: "ai" },
    });
    return made.id;
  };
  return { meter, prices: { month: await ensure("month"), year: await ensure("year") } };
}
