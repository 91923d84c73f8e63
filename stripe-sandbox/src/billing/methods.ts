// Payment methods: made from a card, attached to a customer, used as a default.
import { createHash } from "node:crypto";
import type { Box } from "../box.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { newId } from "../ids.ts";
import type { Invoice, PaymentMethod, Subscription } from "../types.ts";
import { cardKind, passesLuhn } from "./cards.ts";

export interface CardInput {
  number: string;
  exp_month: number;
  exp_year: number;
  cvc?: string;
}

const cardError = (code: string, message: string, param: string) =>
  new StripeError(402, "card_error", message, { code, param });

/** Checks a card as typed. Throws Stripe's `card_error` (402) for what can't be a card. */
export function checkCard(box: Box, card: CardInput): void {
  const number = card.number.replaceAll(/[\s-]/g, "");
  if (!passesLuhn(number)) throw cardError("incorrect_number", "Your card number is incorrect.", "number");
  if (!cardKind(number)) {
    throw new StripeError(
      402,
      "card_error",
      "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://docs.stripe.com/testing.",
      { code: "card_declined", decline_code: "test_mode_live_card" },
    );
  }
  if (card.exp_month < 1 || card.exp_month > 12) {
    throw cardError("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
  }
  const now = new Date(box.now() * 1000);
  const year = card.exp_year < 100 ? 2000 + card.exp_year : card.exp_year;
  if (year > now.getUTCFullYear() + 50) {
    throw cardError("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
  }
  if (year * 12 + card.exp_month < now.getUTCFullYear() * 12 + now.getUTCMonth() + 1) {
    throw cardError("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
  }
  if (card.cvc !== undefined && !/^\d{3,4}$/.test(card.cvc)) {
    throw cardError("invalid_cvc", "Your card's security code is invalid.", "cvc");
  }
}

/** Makes a payment method of a checked card. Must run inside a change. */
export function createCardMethod(
  box: Box,
  card: CardInput,
  details: Partial<PaymentMethod["billing_details"]> = {},
  metadata: Record<string, string> = {},
): PaymentMethod {
  checkCard(box, card);
  const number = card.number.replaceAll(/[\s-]/g, "");
  const brand = cardKind(number)?.brand ?? "visa";
  const method = box.store.put({
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null, ...details },
    card: {
      brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: card.cvc ? "pass" : null },
      country: "US",
      display_brand: brand,
      exp_month: card.exp_month,
      exp_year: card.exp_year < 100 ? 2000 + card.exp_year : card.exp_year,
      fingerprint: createHash("sha256").update(number).digest("hex").slice(0, 16),
      funding: "credit",
      generated_from: null,
      last4: number.slice(-4),
      networks: { available: [brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: box.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata,
    type: "card",
  } satisfies PaymentMethod);
  box.store.put({ id: method.id, object: "sandbox.card", number, authenticated: false });
  return method;
}

/** Ties a method to a customer. Cards that Stripe refuses to save are refused with their `card_error`. */
export function attach(box: Box, method: PaymentMethod, customer: string): PaymentMethod {
  if (method.customer === customer) return method;
  if (method.customer) {
    throw invalid(
      "The payment method you provided has already been attached to a customer.",
      "payment_method",
      "payment_method_unexpected_state",
    );
  }
  const kind = cardKind(box.store.get("sandbox.card", method.id)?.number ?? "");
  if (kind?.refusesAttach && kind.declines) {
    const { message, ...fields } = kind.declines;
    throw new StripeError(402, "card_error", message, fields);
  }
  const attached = box.store.put({ ...method, customer });
  box.emit("payment_method.attached", attached);
  return attached;
}

/** The method that an invoice is charged to: the invoice's own, the subscription's, the customer's. */
export function methodFor(
  box: Box,
  invoice: Invoice,
  subscription: Subscription | undefined,
): PaymentMethod | undefined {
  const customer = invoice.customer ? box.store.get("customer", invoice.customer) : undefined;
  const id =
    invoice.default_payment_method ??
    subscription?.default_payment_method ??
    customer?.invoice_settings.default_payment_method;
  const method = id ? box.store.get("payment_method", id) : undefined;
  return method?.customer === invoice.customer ? method : undefined;
}
