import type { Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import {
  bool,
  decimal,
  emptyable,
  int,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  range,
  required,
  str,
  uint,
  type Shape,
  type Values,
} from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId, randomText } from "../ids.ts";
import type { Coupon, PromotionCode } from "../types.ts";
import { need, newest } from "./find.ts";

const couponParams = {
  amount_off: uint,
  currency: str,
  duration: oneOf("once", "repeating", "forever"),
  duration_in_months: uint,
  id: str,
  max_redemptions: uint,
  metadata,
  name: str,
  percent_off: decimal,
  redeem_by: int,
} satisfies Shape;

/** Makes a coupon. Must run inside a change. Throws the 400 that Stripe answers for an order that does not fit. */
export function createCoupon(box: Box, params: Values<typeof couponParams>): Coupon {
  const percent = params.percent_off === undefined ? null : Number(params.percent_off);
  if ((percent === null) === (params.amount_off === undefined)) {
    throw invalid("Must provide exactly one of percent_off or amount_off.", "percent_off", "parameter_missing");
  }
  if (percent !== null && (percent <= 0 || percent > 100)) {
    throw invalid("Invalid percent_off: must be greater than 0 and at most 100.", "percent_off");
  }
  if (params.amount_off !== undefined && !params.currency) {
    throw invalid("Must provide a currency with amount_off.", "currency", "parameter_missing");
  }
  const duration = params.duration ?? "once";
  if ((duration === "repeating") !== (params.duration_in_months !== undefined)) {
    throw invalid("`duration_in_months` goes with, and only with, `duration=repeating`.", "duration_in_months");
  }
  const id = params.id ?? randomText(8);
  if (box.store.get("coupon", id)) throw invalid("Coupon already exists.", "id", "resource_already_exists");
  const coupon = box.store.put({
    id,
    object: "coupon",
    amount_off: params.amount_off ?? null,
    created: box.now(),
    currency: params.amount_off === undefined ? null : (params.currency ?? "usd").toLowerCase(),
    duration,
    duration_in_months: params.duration_in_months ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    percent_off: percent,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  } satisfies Coupon);
  box.emit("coupon.created", coupon);
  return coupon;
}

const promotionCodeParams = {
  active: bool,
  code: str,
  customer: str,
  expires_at: int,
  max_redemptions: uint,
  metadata,
  promotion: required(object({ type: required(oneOf("coupon")), coupon: required(str) })),
  restrictions: object({ first_time_transaction: bool }),
} satisfies Shape;

/** Makes a code that people can type for a coupon. Must run inside a change. Throws as `createCoupon` does. */
export function createPromotionCode(box: Box, params: Values<typeof promotionCodeParams>): PromotionCode {
  const coupon = need(box, "coupon", params.promotion.coupon, "promotion[coupon]");
  if (params.customer) need(box, "customer", params.customer, "customer");
  const code = params.code ?? randomText(8).toUpperCase();
  if (!/^[\w-]+$/.test(code)) throw invalid("Invalid code: letters, digits, - and _ only.", "code");
  if (box.store.all("promotion_code").some((row) => row.active && row.code.toLowerCase() === code.toLowerCase())) {
    throw invalid(`An active promotion code with \`code: ${code}\` already exists.`, "code");
  }
  const made = box.store.put({
    id: newId("promo"),
    object: "promotion_code",
    active: params.active ?? true,
    code,
    created: box.now(),
    customer: params.customer ?? null,
    customer_account: null,
    expires_at: params.expires_at ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    promotion: { coupon: coupon.id, type: "coupon" },
    restrictions: {
      first_time_transaction: params.restrictions?.first_time_transaction ?? false,
      minimum_amount: null,
      minimum_amount_currency: null,
    },
    times_redeemed: 0,
  } satisfies PromotionCode);
  box.emit("promotion_code.created", made);
  return made;
}

export const couponRoutes: Route[] = [
  route("POST", "/v1/coupons", couponParams, ({ box, params }) => createCoupon(box, params)),
  route("GET", "/v1/coupons", { ...paging, created: range }, ({ box, params }) =>
    page(
      newest(box, "coupon", (row) => !params.created || params.created(row.created)),
      params,
      "/v1/coupons",
      "coupon",
    ),
  ),
  route("GET", "/v1/coupons/:id", {}, ({ box, ids: [id] }) => need(box, "coupon", id)),
  route("POST", "/v1/coupons/:id", { metadata, name: emptyable(str) }, ({ box, params, ids: [id] }) => {
    const before = need(box, "coupon", id);
    return box.update("coupon.updated", before, {
      ...(params.name !== undefined && { name: params.name }),
      metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    });
  }),
  route("DELETE", "/v1/coupons/:id", {}, ({ box, ids: [id] }) => {
    const coupon = need(box, "coupon", id);
    // Discounts given with it go on, so it stays, as no longer valid.
    const gone = box.store.put({ ...coupon, valid: false });
    box.emit("coupon.deleted", gone);
    return { id, object: "coupon", deleted: true };
  }),
  route("POST", "/v1/promotion_codes", promotionCodeParams, ({ box, params }) => createPromotionCode(box, params)),
  route(
    "GET",
    "/v1/promotion_codes",
    { ...paging, active: bool, code: str, coupon: str, created: range, customer: str },
    ({ box, params }) =>
      page(
        newest(
          box,
          "promotion_code",
          (row) =>
            (params.active === undefined || row.active === params.active) &&
            (!params.code || row.code.toLowerCase() === params.code.toLowerCase()) &&
            (!params.coupon || row.promotion.coupon === params.coupon) &&
            (!params.customer || row.customer === params.customer) &&
            (!params.created || params.created(row.created)),
        ),
        params,
        "/v1/promotion_codes",
        "promotion code",
      ),
  ),
  route("GET", "/v1/promotion_codes/:id", {}, ({ box, ids: [id] }) => need(box, "promotion_code", id)),
  route("POST", "/v1/promotion_codes/:id", { active: bool, metadata }, ({ box, params, ids: [id] }) => {
    const before = need(box, "promotion_code", id);
    return box.update("promotion_code.updated", before, {
      active: params.active ?? before.active,
      metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    });
  }),
];
