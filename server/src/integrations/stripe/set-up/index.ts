import { aiUsage, type Plan } from "@charlie/contract";
import { everyPlan, isPaid, type Catalogue } from "../catalogue.ts";
import type { UsagePrice } from "../usage-price.ts";
import type { SetUp } from "./changes.ts";
import { setUpMeter } from "./meter.ts";
import { setUpPortal } from "./portal.ts";
import { setUpPrices } from "./prices.ts";
import { setUpProduct } from "./products.ts";
import { planProduct, usageProduct } from "./wanted.ts";

export { SetUpError, type Change } from "./changes.ts";
export { setUpWebhook, type WebhookSetUp } from "./webhook.ts";

export interface CatalogueOrder {
  plans: readonly Plan[];
  /** The address people type; the portal leads back there. */
  publicUrl: string;
}

/**
 * Makes or finds, by id, lookup key and metadata, the products, prices, meter and the portal's configuration for these
 * plans, and tells of each change first. Called again it changes nothing; interrupted, the next call goes on.
 * `null` where something is missing that was only told of. Throws what Stripe answers where it refuses, and a
 * SetUpError where a person has to put something right.
 */
export async function setUpCatalogue(
  setUp: SetUp,
  { plans: allPlans, publicUrl }: CatalogueOrder,
): Promise<Catalogue | null> {
  const plans = allPlans.filter(isPaid);
  const meter = await setUpMeter(setUp);
  const planProducts = plans.map(planProduct);
  const products = [...planProducts, usageProduct(meter ?? "the new meter")];
  for (const product of products) await setUpProduct(setUp, product);
  const { ids, archiveReplaced } = await setUpPrices(setUp, products);
  const portal = await setUpPortal(setUp, { products: planProducts, prices: ids, publicUrl });
  // Last: until here the portal may have offered them.
  await archiveReplaced();
  const usage = usageOf(meter, ids);
  const isWhole = products.every(({ prices }) => prices.every(({ key }) => ids.has(key)));
  if (!isWhole || portal === undefined || usage === null) return null;
  return { prices: everyPlan(plans, ({ lookupKeys }, interval) => ids.get(lookupKeys[interval])), portal, usage };
}

function usageOf(meter: string | undefined, ids: ReadonlyMap<string, string>): UsagePrice | null {
  const { month, year } = aiUsage.lookupKeys;
  const prices = { month: ids.get(month), year: ids.get(year) };
  if (meter === undefined || prices.month === undefined || prices.year === undefined) return null;
  return { meter, prices: { month: prices.month, year: prices.year } };
}
