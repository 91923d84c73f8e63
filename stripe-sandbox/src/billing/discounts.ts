// Coupons as they come to bear on an invoice.
import type { Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { newId } from "../ids.ts";
import { need } from "../resources/find.ts";
import type { Coupon, Discount, InvoiceLine } from "../types.ts";
import { percentOf } from "./amounts.ts";
import { addIntervals } from "./periods.ts";

export interface DiscountOrder {
  coupon?: string;
  promotion_code?: string;
  discount?: string;
}

/** The coupon behind an order, checked for use by this customer now. Throws the 400 that Stripe answers. */
export function usableCoupon(box: Box, order: DiscountOrder, customer: string | null): Coupon {
  const code = order.promotion_code ? need(box, "promotion_code", order.promotion_code, "promotion_code") : undefined;
  const id = code ? code.promotion.coupon : order.coupon;
  if (!id) throw invalid("A discount needs a `coupon` or a `promotion_code`.", "discounts");
  const coupon = need(box, "coupon", id, "coupon");
  const now = box.nowFor(customer);
  const expired =
    !coupon.valid ||
    (coupon.redeem_by !== null && coupon.redeem_by < now) ||
    (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions);
  if (expired) throw invalid(`Coupon expired: ${coupon.id}`, "coupon", "coupon_expired");
  if (!code) return coupon;
  const used =
    !code.active ||
    (code.expires_at !== null && code.expires_at < now) ||
    (code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions);
  if (used) throw invalid("This promotion code is no longer valid.", "promotion_code", "promotion_code_expired");
  if (code.customer && code.customer !== customer) {
    throw invalid("This promotion code cannot be redeemed by this customer.", "promotion_code");
  }
  if (code.restrictions.first_time_transaction && paidBefore(box, customer)) {
    throw invalid(
      "This promotion code cannot be redeemed because the customer has prior transactions.",
      "promotion_code",
    );
  }
  return coupon;
}

const paidBefore = (box: Box, customer: string | null) =>
  box.store.all("charge").some((charge) => charge.customer === customer && charge.status === "succeeded");

/** Redeems a coupon for a subscription. Must run inside a change. */
export function redeem(
  box: Box,
  order: DiscountOrder,
  owner: { customer: string; subscription: string; session?: string | null },
): Discount {
  const coupon = usableCoupon(box, order, owner.customer);
  const start = box.nowFor(owner.customer);
  const end = coupon.duration === "repeating" ? addIntervals(start, "month", coupon.duration_in_months ?? 1) : null;
  box.store.put({ ...coupon, times_redeemed: coupon.times_redeemed + 1 });
  const code = order.promotion_code ? need(box, "promotion_code", order.promotion_code) : undefined;
  if (code) box.store.put({ ...code, times_redeemed: code.times_redeemed + 1 });
  const discount = box.store.put({
    id: newId("di"),
    object: "discount",
    checkout_session: owner.session ?? null,
    customer: owner.customer,
    customer_account: null,
    end,
    invoice: null,
    invoice_item: null,
    promotion_code: order.promotion_code ?? null,
    source: { coupon: coupon.id, type: "coupon" },
    start,
    subscription: owner.subscription,
    subscription_item: null,
  } satisfies Discount);
  box.emit("customer.discount.created", discount);
  return discount;
}

const couponOf = (box: Box, discount: Discount) =>
  discount.source.coupon ? box.store.get("coupon", discount.source.coupon) : undefined;

/** Which of these discounts count at a time; a `once` coupon counts until its first invoice has used it. */
export function activeDiscounts(box: Box, ids: string[], at: number): Discount[] {
  return ids
    .map((id) => box.store.get("discount", id))
    .filter((discount) => discount !== undefined)
    .filter((discount) => {
      if (couponOf(box, discount)?.duration === "once") return discount.invoice === null;
      return discount.end === null || discount.end > at;
    });
}

/**
 * Lines with their discounts worked in, one discount after the other. An amount is weighted by the lines and cut to the
 * cent, and the last line takes the rest: 5.00 off 10.00 and 20.00 are 1.66 and 3.34 at
 * https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations
 */
export function applyDiscounts(box: Box, lines: InvoiceLine[], discounts: Discount[]): InvoiceLine[] {
  let result = lines.map((line) => ({ ...line, discount_amounts: [...(line.discount_amounts ?? [])] }));
  for (const discount of discounts) {
    const coupon = couponOf(box, discount);
    if (!coupon) continue;
    const open = result.map((line) =>
      line.discountable && line.amount > 0
        ? line.amount - line.discount_amounts.reduce((sum, part) => sum + part.amount, 0)
        : 0,
    );
    const total = open.reduce((sum, amount) => sum + amount, 0);
    let left = Math.min(total, coupon.amount_off ?? 0);
    const parts = open.map((amount, index) => {
      if (coupon.percent_off !== null) return percentOf(amount, coupon.percent_off);
      const rest = open.slice(index + 1).reduce((sum, other) => sum + other, 0);
      const part = rest === 0 ? left : Math.floor((Math.min(total, coupon.amount_off ?? 0) * amount) / (total || 1));
      left -= part;
      return part;
    });
    result = result.map((line, index) =>
      parts[index]
        ? { ...line, discount_amounts: [...line.discount_amounts, { amount: parts[index], discount: discount.id }] }
        : line,
    );
  }
  return result;
}
