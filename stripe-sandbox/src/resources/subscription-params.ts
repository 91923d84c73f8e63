// What a subscription is made of and what may be changed of it.
import { arrayOf, bool, either, emptyable, int, metadata, object, oneOf, required, str, uint } from "../http/params.ts";

export const discountList = emptyable(arrayOf(object({ coupon: str, promotion_code: str, discount: str })));
export const prorationBehavior = oneOf("create_prorations", "always_invoice", "none");
const endBehavior = object({
  end_behavior: required(object({ missing_payment_method: required(oneOf("cancel", "create_invoice", "pause")) })),
});
export const cancellationDetails = object({
  comment: emptyable(str),
  feedback: emptyable(
    oneOf(
      "customer_service",
      "low_quality",
      "missing_features",
      "other",
      "switched_service",
      "too_complex",
      "too_expensive",
      "unused",
    ),
  ),
});
const paymentSettings = object({ save_default_payment_method: oneOf("off", "on_subscription") });

/** What may be changed of an item, in an update or in a preview of one. */
export const itemChange = object({ id: str, price: str, quantity: uint, deleted: bool, metadata });

export const subscriptionCreate = {
  automatic_tax: object({ enabled: required(bool) }),
  billing_mode: object({ type: required(oneOf("flexible")) }),
  cancel_at: int,
  cancel_at_period_end: bool,
  collection_method: oneOf("charge_automatically"),
  currency: str,
  customer: required(str),
  default_payment_method: str,
  description: str,
  discounts: discountList,
  items: required(arrayOf(object({ price: required(str), quantity: uint, metadata }))),
  metadata,
  off_session: bool,
  payment_behavior: oneOf("allow_incomplete", "default_incomplete", "error_if_incomplete"),
  payment_settings: paymentSettings,
  proration_behavior: prorationBehavior,
  trial_end: either(oneOf("now"), int),
  trial_period_days: uint,
  trial_settings: endBehavior,
};

export const subscriptionUpdate = {
  automatic_tax: object({ enabled: required(bool) }),
  billing_cycle_anchor: oneOf("now", "unchanged"),
  cancel_at: emptyable(int),
  cancel_at_period_end: bool,
  cancellation_details: cancellationDetails,
  default_payment_method: emptyable(str),
  description: emptyable(str),
  discounts: discountList,
  items: arrayOf(itemChange),
  metadata,
  off_session: bool,
  payment_behavior: oneOf("allow_incomplete", "error_if_incomplete", "default_incomplete"),
  payment_settings: paymentSettings,
  proration_behavior: prorationBehavior,
  proration_date: int,
  trial_end: either(oneOf("now"), int),
  trial_settings: endBehavior,
};
