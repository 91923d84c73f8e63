// Payment intents and charges: one attempt to take money from a card, and what it leaves behind.
import { type Box } from "../box.ts";
import { newId, randomText } from "../ids.ts";
import type { PaymentIntent, PaymentMethod } from "../types.ts";
import { cardKind, type Decline } from "./cards.ts";
import { createCharge } from "./charge.ts";
import { openDispute } from "./disputes.ts";

export interface PaymentOrder {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata?: Record<string, string>;
  setup_future_usage?: "off_session" | null;
  at: number;
}

/** Must run inside a change. */
export function createIntent(box: Box, order: PaymentOrder): PaymentIntent {
  const id = newId("pi");
  const intent = box.store.put({
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: order.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: "automatic",
    created: order.at,
    currency: order.currency,
    customer: order.customer,
    customer_account: null,
    description: order.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: order.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: order.setup_future_usage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  } satisfies PaymentIntent);
  box.emit("payment_intent.created", intent);
  return intent;
}

export interface Attempt {
  intent: PaymentIntent;
  outcome: "succeeded" | "failed" | "requires_action";
  decline?: Decline;
}

interface Rigged {
  customer: string | null;
  times: number;
  code: string;
}

/** A failure that the control page ordered for this customer (or for whoever comes next). */
function riggedFailure(box: Box, customer: string | null): Decline | undefined {
  const rigged = box.store.get("sandbox.setting", "fail_payments")?.value as Rigged | undefined;
  if (!rigged || rigged.times < 1 || (rigged.customer !== null && rigged.customer !== customer)) return undefined;
  box.store.put({ id: "fail_payments", object: "sandbox.setting", value: { ...rigged, times: rigged.times - 1 } });
  return { code: "card_declined", decline_code: rigged.code, message: "Your card was declined." };
}

/** Orders the next payments to fail. Must run inside a change. */
export function rigPayments(box: Box, rigged: Rigged): void {
  box.store.put({ id: "fail_payments", object: "sandbox.setting", value: rigged });
}

/**
 * Tries to pay an intent with a card. `present` says that the customer is there to answer their bank's question;
 * `authenticated` that they just did. Must run inside a change.
 */
export function attemptPayment(
  box: Box,
  intent: PaymentIntent,
  method: PaymentMethod,
  circumstances: { present: boolean; authenticated?: boolean; at: number },
): Attempt {
  const secret = box.store.get("sandbox.card", method.id);
  const kind = cardKind(secret?.number ?? "");
  const answered = circumstances.authenticated === true;
  if (answered && secret) box.store.put({ ...secret, authenticated: true });
  const asks =
    kind?.authentication === "always"
      ? !answered
      : kind?.authentication === "once" && !answered && !secret?.authenticated;
  if (asks && circumstances.present) {
    const waiting = box.store.put({
      ...intent,
      payment_method: method.id,
      status: "requires_action",
      next_action: { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect" } },
    });
    box.emit("payment_intent.requires_action", waiting);
    return { intent: waiting, outcome: "requires_action" };
  }
  const decline: Decline | undefined = asks
    ? {
        code: "authentication_required",
        decline_code: "authentication_required",
        message: "Your card was declined. This transaction requires authentication.",
      }
    : (riggedFailure(box, intent.customer) ?? kind?.declines);
  const charge = createCharge(box, intent, method, decline, circumstances.at);
  if (decline) {
    box.emit("charge.failed", charge);
    const failed = box.store.put({
      ...intent,
      latest_charge: charge.id,
      payment_method: null,
      next_action: null,
      status: "requires_payment_method",
      last_payment_error: {
        ...decline,
        charge: charge.id,
        doc_url: `https://docs.stripe.com/error-codes/${decline.code.replaceAll("_", "-")}`,
        payment_method: method,
        type: "card_error",
      },
    } satisfies PaymentIntent);
    box.emit("payment_intent.payment_failed", failed);
    return { intent: failed, outcome: "failed", decline };
  }
  box.emit("charge.succeeded", charge);
  const paid = box.store.put({
    ...intent,
    amount_received: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
    payment_method: method.id,
    status: "succeeded",
  });
  box.emit("payment_intent.succeeded", paid);
  if (kind?.disputes) openDispute(box, charge, kind.disputes);
  return { intent: paid, outcome: "succeeded" };
}
