// The items of a subscription.
import type { Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { newId } from "../ids.ts";
import { need } from "../resources/find.ts";
import type { Price, SubscriptionItem } from "../types.ts";

/** The price for a subscription's item; 400 when it can't be one. */
export function recurringPrice(
  box: Box,
  id: string,
  param: string,
): Price & { recurring: NonNullable<Price["recurring"]> } {
  const price = need(box, "price", id, param);
  if (!price.active) throw invalid("The price specified is inactive. This field only accepts active prices.", param);
  if (!price.recurring) {
    throw invalid(
      "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
      param,
    );
  }
  return { ...price, recurring: price.recurring };
}

/** The item as a subscription shows it, with the legacy `plan` that Stripe still sends along. */
export function subscriptionItem(
  price: Price,
  fields: Pick<
    SubscriptionItem,
    "subscription" | "created" | "current_period_start" | "current_period_end" | "metadata"
  > & {
    id?: string;
    quantity?: number | null | undefined;
  },
): SubscriptionItem {
  const { recurring } = price;
  const { id, quantity, ...plain } = fields;
  return {
    id: id ?? newId("si", 14),
    object: "subscription_item",
    billing_thresholds: null,
    current_trial: null,
    discounts: [],
    plan: {
      id: price.id,
      object: "plan",
      active: price.active,
      amount: price.unit_amount,
      amount_decimal: price.unit_amount_decimal,
      billing_scheme: price.billing_scheme,
      created: price.created,
      currency: price.currency,
      interval: recurring?.interval ?? "month",
      interval_count: recurring?.interval_count ?? 1,
      livemode: false,
      metadata: price.metadata,
      meter: recurring?.meter ?? null,
      nickname: price.nickname,
      product: price.product,
      tiers_mode: null,
      transform_usage: price.transform_quantity,
      trial_period_days: recurring?.trial_period_days ?? null,
      usage_type: recurring?.usage_type ?? "licensed",
    },
    price,
    ...(recurring?.usage_type === "metered" ? {} : { quantity: quantity ?? 1 }),
    tax_rates: [],
    ...plain,
  } satisfies SubscriptionItem;
}
