import type { Stripe } from "stripe";

/** The prices that hold these lookup keys (10 at most), by key; archived ones too. */
export async function findPrices(stripe: Stripe, keys: readonly string[]): Promise<Map<string, Stripe.Price>> {
  const { data } = await stripe.prices.list({ lookup_keys: [...keys], limit: 100 });
  return new Map(data.flatMap((price) => (price.lookup_key === null ? [] : [[price.lookup_key, price]])));
}
