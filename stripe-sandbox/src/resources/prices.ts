import type { Box } from "../box.ts";
import { invalid, missing } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import {
  arrayOf,
  bool,
  decimal,
  emptyable,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  range,
  required,
  str,
  uint,
  type Values,
} from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId } from "../ids.ts";
import type { Price } from "../types.ts";
import { need, newest } from "./find.ts";
import { createProduct } from "./product-object.ts";

const interval = oneOf("day", "week", "month", "year");
const taxBehavior = oneOf("exclusive", "inclusive", "unspecified");

/** What a price is made from, wherever it is made. */
export const priceFields = {
  currency: required(str),
  metadata,
  nickname: str,
  recurring: object({
    interval: required(interval),
    interval_count: uint,
    meter: str,
    trial_period_days: uint,
    usage_type: oneOf("licensed", "metered"),
  }),
  tax_behavior: taxBehavior,
  unit_amount: uint,
  unit_amount_decimal: decimal,
};

const createFields = {
  ...priceFields,
  active: bool,
  billing_scheme: oneOf("per_unit"),
  lookup_key: str,
  product: str,
  product_data: object({ name: required(str), active: bool, id: str, metadata, tax_code: str, unit_label: str }),
  transfer_lookup_key: bool,
  transform_quantity: object({ divide_by: required(uint), round: required(oneOf("up", "down")) }),
};

/** Makes a price for a product. Must run inside a change. */
export function createPrice(box: Box, product: string, params: Partial<Values<typeof createFields>>): Price {
  const { recurring } = params;
  if (params.unit_amount === undefined && params.unit_amount_decimal === undefined) {
    throw invalid(
      "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.",
      "unit_amount",
      "parameter_missing",
    );
  }
  if (params.unit_amount !== undefined && params.unit_amount_decimal !== undefined) {
    throw invalid("You may only specify one of these parameters: unit_amount, unit_amount_decimal.", "unit_amount");
  }
  if (!/^[a-z]{3}$/i.test(params.currency ?? "")) throw invalid(`Invalid currency: ${params.currency}`, "currency");
  if (recurring?.meter) {
    need(box, "billing.meter", recurring.meter, "recurring[meter]");
    if (recurring.usage_type !== "metered") {
      throw invalid("A price with a meter must have `usage_type=metered`.", "recurring[usage_type]");
    }
  } else if (recurring?.usage_type === "metered") {
    throw invalid("A metered price must name its meter.", "recurring[meter]", "parameter_missing");
  }
  const exact = params.unit_amount_decimal ?? String(params.unit_amount);
  const lookupKey = params.lookup_key ?? null;
  if (lookupKey) claimLookupKey(box, lookupKey, params.transfer_lookup_key ?? false);
  const price = box.store.put({
    id: newId("price"),
    object: "price",
    active: params.active ?? true,
    billing_scheme: "per_unit",
    created: box.now(),
    currency: (params.currency ?? "usd").toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: lookupKey,
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product,
    recurring: recurring
      ? {
          interval: recurring.interval,
          interval_count: recurring.interval_count ?? 1,
          meter: recurring.meter ?? null,
          trial_period_days: recurring.trial_period_days ?? null,
          usage_type: recurring.usage_type ?? "licensed",
        }
      : null,
    tax_behavior: params.tax_behavior ?? "unspecified",
    tiers_mode: null,
    transform_quantity: params.transform_quantity ?? null,
    type: recurring ? "recurring" : "one_time",
    unit_amount: /\./.test(exact) ? null : Number(exact),
    unit_amount_decimal: exact,
  } satisfies Price);
  box.emit("price.created", price);
  return price;
}

function claimLookupKey(box: Box, key: string, transfer: boolean, self?: string) {
  const holder = box.store.all("price").find((price) => price.lookup_key === key && price.id !== self);
  if (!holder) return;
  if (!transfer) {
    throw invalid(
      `A price (\`${holder.id}\`) already uses that lookup key. You may use \`transfer_lookup_key\` to reassign it.`,
      "lookup_key",
      "resource_already_exists",
    );
  }
  replace(box, holder, { lookup_key: null });
}

/** Changes a price, also where subscriptions show it. */
function replace(box: Box, before: Price, patch: Partial<Price>): Price {
  const after = box.update("price.updated", before, patch);
  for (const subscription of box.store.all("subscription")) {
    if (!subscription.items.data.some((item) => item.price.id === after.id)) continue;
    const data = subscription.items.data.map((item) => (item.price.id === after.id ? { ...item, price: after } : item));
    box.store.put({ ...subscription, items: { ...subscription.items, data } });
  }
  return after;
}

export const priceRoutes: Route[] = [
  route("POST", "/v1/prices", createFields, ({ box, params }) => {
    if (!params.product === !params.product_data) {
      throw invalid("You must specify either `product` or `product_data` when creating a price.", "product");
    }
    if (params.product) return createPrice(box, need(box, "product", params.product, "product").id, params);
    const { metadata: sent, ...data } = params.product_data!;
    return createPrice(box, createProduct(box, { ...data, metadata: mergeMetadata({}, sent) }).id, params);
  }),
  route(
    "GET",
    "/v1/prices",
    {
      ...paging,
      active: bool,
      created: range,
      currency: str,
      lookup_keys: arrayOf(str),
      product: str,
      recurring: object({ interval, meter: str, usage_type: oneOf("licensed", "metered") }),
      type: oneOf("one_time", "recurring"),
    },
    ({ box, params }) => {
      if (params.lookup_keys && params.lookup_keys.length > 10) {
        throw invalid("You may pass up to 10 lookup keys.", "lookup_keys");
      }
      const rows = newest(
        box,
        "price",
        (row) =>
          (params.active === undefined || row.active === params.active) &&
          (!params.created || params.created(row.created)) &&
          (!params.currency || row.currency === params.currency) &&
          (!params.product || row.product === params.product) &&
          (!params.lookup_keys || (row.lookup_key !== null && params.lookup_keys.includes(row.lookup_key))) &&
          (!params.type || row.type === params.type) &&
          (!params.recurring?.interval || row.recurring?.interval === params.recurring.interval) &&
          (!params.recurring?.meter || row.recurring?.meter === params.recurring.meter) &&
          (!params.recurring?.usage_type || row.recurring?.usage_type === params.recurring.usage_type),
      );
      return page(rows, params, "/v1/prices", "price");
    },
  ),
  route("GET", "/v1/prices/:id", {}, ({ box, ids: [id] }) => {
    const price = box.store.get("price", id);
    if (!price) throw missing("price", id);
    return price;
  }),
  route(
    "POST",
    "/v1/prices/:id",
    {
      active: bool,
      lookup_key: emptyable(str),
      metadata,
      nickname: emptyable(str),
      tax_behavior: taxBehavior,
      transfer_lookup_key: bool,
    },
    ({ box, params, ids: [id] }) => {
      const { transfer_lookup_key, metadata: sent, ...plain } = params;
      const before = need(box, "price", id);
      if (plain.active === false && box.store.get("product", before.product)?.default_price === id) {
        throw invalid("This price cannot be archived because it is the default price of its product.");
      }
      if (plain.lookup_key) claimLookupKey(box, plain.lookup_key, transfer_lookup_key ?? false, id);
      return replace(box, before, { ...plain, metadata: mergeMetadata(before.metadata, sent) });
    },
  ),
];
