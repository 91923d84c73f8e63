// Promotion codes as typed on the checkout page.
import type { Box } from "../box.ts";
import { priceSession } from "../billing/checkout.ts";
import { usableCoupon } from "../billing/discounts.ts";
import { StripeError } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import type { CheckoutSession } from "../types.ts";

/** Applies a code to an open session; an empty one takes it off. Returns what is wrong with it. */
export function applyCode(box: Box, session: CheckoutSession, typed: string): string | undefined {
  if (!session.allow_promotion_codes) return "This checkout takes no promotion codes.";
  const text = typed.trim();
  const secret = need(box, "sandbox.checkout", session.id);
  if (text === "") {
    box.store.put({ ...secret, promotion_code: null });
    priceSession(box, { ...session, discounts: [] });
    return undefined;
  }
  const code = box.store
    .all("promotion_code")
    .find((row) => row.active && row.code.toLowerCase() === text.toLowerCase());
  if (!code) return "This code is invalid.";
  try {
    usableCoupon(box, { promotion_code: code.id }, session.customer);
  } catch (error) {
    if (error instanceof StripeError) return error.message;
    throw error;
  }
  box.store.put({ ...secret, promotion_code: code.id });
  priceSession(box, { ...session, discounts: [{ coupon: null, promotion_code: code.id }] });
  return undefined;
}
