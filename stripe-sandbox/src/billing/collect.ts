// Collecting an open invoice, and what its success or failure means for the subscription.
import type { Box } from "../box.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import type { Invoice, PaymentMethod, Subscription } from "../types.ts";
import { intentOf, markPaid } from "./invoices.ts";
import { endSubscription } from "./end.ts";
import { methodFor } from "./methods.ts";
import { attemptPayment, type Attempt } from "./payments.ts";
import { DAY } from "./periods.ts";

/** Days after the first failure on which Stripe's retries come: up to 8 in two weeks (its recommended setting). */
export const RETRY_DAYS = [1, 3, 5, 7, 9, 11, 13, 14];

/** The subscription that an invoice bills; undefined for one made by hand. */
export const subscriptionOf = (box: Box, invoice: Invoice): Subscription | undefined => {
  const id = invoice.parent?.subscription_details?.subscription;
  return id ? box.store.get("subscription", id) : undefined;
};

interface Circumstances {
  at: number;
  /** The customer is there (Checkout, the hosted invoice page). */
  present: boolean;
  authenticated?: boolean;
  method?: PaymentMethod;
  /** A scheduled attempt moves the schedule on; one asked for in between leaves it as it is. */
  scheduled: boolean;
}

/** Tries to pay an open invoice. Must run inside a change. */
export function collect(box: Box, invoice: Invoice, how: Circumstances): { invoice: Invoice; attempt: Attempt | null } {
  if (invoice.status !== "open" && invoice.status !== "uncollectible") {
    throw invalid(invoice.status === "paid" ? "Invoice is already paid" : `This invoice is ${invoice.status}.`);
  }
  const subscription = subscriptionOf(box, invoice);
  const method = how.method ?? methodFor(box, invoice, subscription);
  const intent = intentOf(box, invoice.id);
  if (!intent) throw invalid("This invoice has no payment to make.");
  if (!method) {
    if (how.scheduled) return { invoice: failed(box, invoice, subscription, how), attempt: null };
    throw new StripeError(
      402,
      "invalid_request_error",
      "There is no `default_payment_method` set on this Customer or Invoice. Please set a default payment method, or provide one.",
      { code: "missing" },
    );
  }
  const attempt = attemptPayment(box, intent, method, how);
  if (attempt.outcome === "succeeded") {
    const paid = markPaid(box, { ...invoice, attempt_count: invoice.attempt_count + 1 }, how.at);
    if (subscription) recover(box, need(box, "subscription", subscription.id), paid);
    return { invoice: paid, attempt };
  }
  if (attempt.outcome === "requires_action") {
    box.emit("invoice.payment_action_required", invoice);
    return { invoice, attempt };
  }
  return { invoice: failed(box, invoice, subscription, how), attempt };
}

/** A subscription whose latest invoice got paid is active again. */
export function recover(box: Box, subscription: Subscription, paid: Invoice): void {
  if (subscription.latest_invoice !== paid.id) return;
  if (!["incomplete", "past_due", "unpaid"].includes(subscription.status)) return;
  box.update("customer.subscription.updated", subscription, { status: "active" });
}

function failed(box: Box, invoice: Invoice, subscription: Subscription | undefined, how: Circumstances): Invoice {
  const first = invoice.billing_reason === "subscription_create";
  const retries = invoice.next_payment_attempt === null && invoice.attempt_count > 0 ? Infinity : invoice.attempt_count;
  const started = invoice.status_transitions.finalized_at ?? how.at;
  const days = first || !how.scheduled ? undefined : RETRY_DAYS[retries];
  const next = how.scheduled ? (days === undefined ? null : started + days * DAY) : invoice.next_payment_attempt;
  const after = box.store.put({
    ...invoice,
    attempt_count: invoice.attempt_count + 1,
    attempted: true,
    next_payment_attempt: first ? null : next,
  });
  box.emit("invoice.payment_failed", after);
  if (!subscription || first) return after;
  if (subscription.status === "active" || subscription.status === "trialing") {
    box.update("customer.subscription.updated", subscription, { status: "past_due" });
  }
  if (how.scheduled && next === null) {
    const latest = need(box, "subscription", subscription.id);
    if (!latest.ended_at) endSubscription(box, latest, how.at, "payment_failed");
  }
  return after;
}
