import { Stripe } from "stripe";
import { isMissing } from "../errors.ts";
import { findPrices } from "../find-prices.ts";
import { change, differences, makeOnce, type SetUp } from "./changes.ts";
import type { WantedPrice, WantedProduct } from "./wanted.ts";

/** On a price: the ids of those whose lookup key it took over. */
const replacesMark = "charlie_replaces";
/** Metadata values hold 500 characters; an id has about 30. */
const mostReplaced = 15;

const replacedBy = ({ metadata }: Stripe.Price): string[] => (metadata[replacesMark] ?? "").split(" ").filter(Boolean);

/** Cents as money: "2900" is 29.00, "0.0001" is 0.000001. */
const money = (cents: string): string => (Number(cents) / 100).toFixed(2 + (cents.split(".")[1] ?? "").length);

interface Terms {
  cents: string;
  currency: string;
  rhythm: string;
  meter?: string | null | undefined;
}
const described = ({ cents, currency, rhythm, meter }: Terms): string =>
  `${money(cents)} ${currency.toUpperCase()} ${meter ? `for each unit of ${meter}, ` : ""}a ${rhythm}`;

function describeFound({ unit_amount_decimal: cents, currency, recurring }: Stripe.Price): string {
  const count = recurring?.interval_count ?? 1;
  const interval = recurring?.interval ?? "single purchase";
  const rhythm = count === 1 ? interval : `${count} ${interval}s`;
  return described({ cents: String(cents ?? "0"), currency, rhythm, meter: recurring?.meter });
}

const describeWanted = ({ cents, interval, meter }: WantedPrice): string =>
  described({ cents, currency: "usd", rhythm: interval, meter });

const createParams = (product: WantedProduct, { key, cents, interval, meter }: WantedPrice) =>
  ({
    product: product.id,
    currency: "usd",
    unit_amount_decimal: Stripe.Decimal.from(cents),
    recurring: { interval, ...(meter === undefined ? {} : { usage_type: "metered", meter }) },
    lookup_key: key,
    metadata: { [product.mark.name]: product.mark.value },
  }) satisfies Stripe.PriceCreateParams;

/** The id of one price; `undefined` where it would be made and is not. */
async function setUpPrice(
  setUp: SetUp,
  product: WantedProduct,
  wanted: WantedPrice,
  found: Stripe.Price | undefined,
): Promise<string | undefined> {
  const { stripe } = setUp;
  const { key } = wanted;
  const what = `price ${key}`;
  const params = createParams(product, wanted);
  const make = async (order: Stripe.PriceCreateParams): Promise<string> => {
    const isThere = async ({ id }: Stripe.Price): Promise<boolean> => {
      const { active, lookup_key } = await stripe.prices.retrieve(id);
      return active && lookup_key === key;
    };
    return (await makeOnce(order, (...sent) => stripe.prices.create(...sent), isThere)).id;
  };
  if (!found) return change(setUp, { how: "make", what, details: [describeWanted(wanted)] }, () => make(params));

  const details = differences([
    ["amount", describeFound(found), describeWanted(wanted)],
    ["product", typeof found.product === "string" ? found.product : found.product.id, product.id],
  ]);
  if (details.length > 0) {
    // A price's amount never changes in Stripe: https://docs.stripe.com/products-prices/manage-prices#edit-price
    const outcome = `a new price takes the lookup key over from ${found.id}, which is archived: who pays it now goes on paying it`;
    const replaces = [found.id, ...replacedBy(found)].slice(0, mostReplaced).join(" ");
    return change(setUp, { how: "replace", what, details: [...details, outcome] }, () =>
      make({ ...params, transfer_lookup_key: true, metadata: { ...params.metadata, [replacesMark]: replaces } }),
    );
  }
  const changes = differences([
    ["state", found.active ? "active" : "archived", "active"],
    ["mark", found.metadata[product.mark.name] ?? "none", product.mark.value],
  ]);
  if (changes.length > 0) {
    await change(setUp, { how: "change", what, details: changes }, () =>
      stripe.prices.update(found.id, { active: true, metadata: params.metadata }),
    );
  }
  return found.id;
}

/** Archives a price that another one has replaced, unless that is done or somebody deleted it. */
async function archivePrice(setUp: SetUp, id: string, successor: Stripe.Price): Promise<void> {
  const { stripe } = setUp;
  const price = await findPrice(stripe, id);
  if (!price?.active) return;
  const details = [`replaced by ${successor.id}`];
  await change(setUp, { how: "archive", what: `price ${id}`, details }, async () => {
    const { product } = price;
    // Stripe archives no price that a product has for its default.
    if (typeof product !== "string" && !product.deleted && product.default_price === id)
      await stripe.products.update(product.id, { default_price: successor.id });
    await stripe.prices.update(id, { active: false });
  });
}

async function findPrice(stripe: Stripe, id: string): Promise<Stripe.Price | null> {
  try {
    return await stripe.prices.retrieve(id, { expand: ["product"] });
  } catch (error) {
    // A price that was never paid can be deleted in the dashboard.
    if (isMissing(error)) return null;
    throw error;
  }
}

export interface SetUpPrices {
  /** Ids by lookup key, of those that are there. */
  ids: Map<string, string>;
  /** Archives what was replaced: to be called when nothing offers it any more. */
  archiveReplaced: () => Promise<void>;
}

/** Makes all prices like the catalogue. */
export async function setUpPrices(setUp: SetUp, products: readonly WantedProduct[]): Promise<SetUpPrices> {
  const { stripe } = setUp;
  const keys = products.flatMap(({ prices }) => prices.map(({ key }) => key));
  const found = await findPrices(stripe, keys);
  const ids = new Map<string, string>();
  for (const product of products) {
    for (const price of product.prices) {
      const id = await setUpPrice(setUp, product, price, found.get(price.key));
      if (id !== undefined) ids.set(price.key, id);
    }
  }
  const archiveReplaced = async (): Promise<void> => {
    for (const successor of (await findPrices(stripe, keys)).values()) {
      for (const id of replacedBy(successor)) await archivePrice(setUp, id, successor);
    }
  };
  return { ids, archiveReplaced };
}
