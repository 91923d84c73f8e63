// Completing a checkout session: first the money, then everything that follows from it, in one step.
import type { Box } from "../box.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import { createCustomer } from "../resources/customers.ts";
import type { CheckoutSession, PaymentIntent, PaymentMethod } from "../types.ts";
import { attach, createCardMethod, type CardInput } from "./methods.ts";
import { attemptPayment, createIntent } from "./payments.ts";
import { createSetup } from "./setups.ts";
import { firstAmount, subscribePaid, type SubscriptionOrder } from "./subscribe.ts";

/** What Stripe sends for a checkout, in its order. */
const ORDER = [
  "customer.created",
  "charge.succeeded",
  "payment_method.attached",
  "checkout.session.completed",
  "customer.updated",
  "customer.subscription.created",
  "payment_intent.succeeded",
  "payment_intent.created",
  "invoice.created",
  "invoice.finalized",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice_payment.paid",
];

export type CheckoutOutcome =
  | { status: "complete"; session: CheckoutSession }
  | { status: "requires_action"; session: CheckoutSession }
  | { status: "failed"; message: string };

/** The session, if it can still be paid; 400 otherwise. */
export function openSession(box: Box, id: string): CheckoutSession {
  const session = need(box, "checkout.session", id);
  if (session.status !== "open") {
    throw invalid(`This checkout session is ${session.status}.`, undefined, "resource_missing");
  }
  return session;
}

/** The subscription that a session stands for. */
export function orderOf(
  box: Box,
  session: CheckoutSession,
  customer: string,
  method: string | null,
): SubscriptionOrder {
  const secret = need(box, "sandbox.checkout", session.id);
  const data = secret.subscription_data;
  const at = box.nowFor(customer);
  return {
    customer,
    items: secret.items,
    metadata: data.metadata,
    discounts: secret.promotion_code
      ? [{ promotion_code: secret.promotion_code }]
      : secret.coupon
        ? [{ coupon: secret.coupon }]
        : [],
    description: data.description,
    default_payment_method: method,
    trial_end: data.trial_end ?? (data.trial_period_days ? at + data.trial_period_days * 86_400 : null),
    cancel_at: null,
    cancel_at_period_end: false,
    missing_payment_method: data.missing_payment_method,
    automatic_tax: session.automatic_tax.enabled,
    session: session.id,
  };
}

/** Gives a session its amounts anew, after its items or discounts changed. */
export function priceSession(box: Box, session: CheckoutSession): CheckoutSession {
  const invoice = box.dry(() => {
    const customer = session.customer ?? createCustomer(box).id;
    return firstAmount(box, orderOf(box, session, customer, null));
  });
  const discount = (invoice.total_discount_amounts ?? []).reduce((sum, part) => sum + part.amount, 0);
  return box.store.put({
    ...session,
    amount_subtotal: invoice.subtotal,
    amount_total: invoice.total,
    currency: invoice.currency,
    total_details: { amount_discount: discount, amount_shipping: 0, amount_tax: 0 },
  });
}

/** Pays a session with a card as typed. Must run inside a change. */
export function payWithCard(box: Box, id: string, card: CardInput, name: string, email?: string): CheckoutOutcome {
  const session = openSession(box, id);
  const customer = customerFor(box, session, email);
  const method = createCardMethod(box, card, { name, email: box.store.get("customer", customer)?.email ?? null });
  return pay(box, need(box, "checkout.session", id), customer, method, false);
}

/** The customer answered their bank's question. Must run inside a change. */
export function continueCheckout(box: Box, id: string, approved: boolean): CheckoutOutcome {
  const session = openSession(box, id);
  const secret = need(box, "sandbox.checkout", id);
  if (!secret.payment_method || !session.customer) throw invalid("There is no payment waiting for authentication.");
  if (!approved) {
    box.store.put({ ...secret, payment_method: null });
    return {
      status: "failed",
      message:
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    };
  }
  return pay(box, session, session.customer, need(box, "payment_method", secret.payment_method), true);
}

function customerFor(box: Box, session: CheckoutSession, email: string | undefined): string {
  if (session.customer) return session.customer;
  const customer = createCustomer(box, { email: session.customer_email ?? email ?? null });
  box.store.put({ ...session, customer: customer.id });
  return customer.id;
}

function pay(
  box: Box,
  session: CheckoutSession,
  customer: string,
  method: PaymentMethod,
  authenticated: boolean,
): CheckoutOutcome {
  const order = orderOf(box, session, customer, method.id);
  const due = firstAmount(box, order).amount_due;
  const at = box.nowFor(customer);
  let intent: PaymentIntent | undefined;
  if (due > 0) {
    const secret = need(box, "sandbox.checkout", session.id);
    const known = secret.payment_intent ? box.store.get("payment_intent", secret.payment_intent) : undefined;
    intent = known
      ? box.store.put({ ...known, amount: due })
      : createIntent(box, {
          amount: due,
          currency: session.currency ?? "usd",
          customer,
          description: "Subscription creation",
          setup_future_usage: "off_session",
          at,
        });
    const attempt = attemptPayment(box, intent, method, { present: true, authenticated, at });
    box.store.put({
      ...secret,
      payment_intent: intent.id,
      payment_method: attempt.outcome === "requires_action" ? method.id : null,
    });
    if (attempt.outcome === "requires_action") return { status: "requires_action", session };
    if (attempt.outcome === "failed") {
      return { status: "failed", message: attempt.decline?.message ?? "Your card was declined." };
    }
    intent = attempt.intent;
  }
  attach(box, method, customer);
  if (due === 0) createSetup(box, customer, method.id, at);
  const before = need(box, "customer", customer);
  const subscription = subscribePaid(box, order, intent);
  const current = need(box, "customer", customer);
  if (before.currency === null) box.emit("customer.updated", current, { currency: null });
  const done = box.store.put({
    ...session,
    customer,
    customer_details: detailsOf(box, customer, method.billing_details.name),
    invoice: subscription.latest_invoice,
    payment_status: due > 0 ? "paid" : "no_payment_required",
    status: "complete",
    subscription: subscription.id,
    url: null,
  });
  box.emit("checkout.session.completed", done);
  box.inOrder(ORDER);
  return { status: "complete", session: done };
}

function detailsOf(box: Box, id: string, name: string | null): CheckoutSession["customer_details"] {
  const customer = need(box, "customer", id);
  return {
    address: customer.address ?? {
      city: null,
      country: "US",
      line1: null,
      line2: null,
      postal_code: null,
      state: null,
    },
    business_name: null,
    email: customer.email,
    individual_name: null,
    name: customer.name ?? name,
    phone: customer.phone ?? null,
    tax_exempt: "none",
    tax_ids: [],
  };
}

/** Ends an open session. Must run inside a change. */
export function expireSession(box: Box, session: CheckoutSession): CheckoutSession {
  if (session.status !== "open") {
    throw new StripeError(
      400,
      "invalid_request_error",
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    );
  }
  const expired = box.store.put({ ...session, status: "expired", url: null });
  box.emit("checkout.session.expired", expired);
  return expired;
}
