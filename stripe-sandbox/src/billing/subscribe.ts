// Starting a subscription, by API or through Checkout.
import type { Box } from "../box.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { whole } from "../http/lists.ts";
import { newId } from "../ids.ts";
import { need } from "../resources/find.ts";
import type { Invoice, PaymentIntent, Subscription } from "../types.ts";
import { collect } from "./collect.ts";
import { redeem, type DiscountOrder } from "./discounts.ts";
import { createInvoice } from "./invoice-draft.ts";
import { finalizeInvoice, markPaid } from "./invoices.ts";
import { itemLine, lineOfItem } from "./lines.ts";
import { methodFor } from "./methods.ts";
import { nextBoundary } from "./periods.ts";
import { recurringPrice, subscriptionItem } from "./subscription-item.ts";

export interface ItemOrder {
  price: string;
  quantity?: number | null | undefined;
  metadata?: Record<string, string>;
}

export interface SubscriptionOrder {
  customer: string;
  items: ItemOrder[];
  metadata: Record<string, string>;
  discounts: DiscountOrder[];
  description: string | null;
  default_payment_method: string | null;
  trial_end: number | null;
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  missing_payment_method: "cancel" | "create_invoice" | "pause";
  automatic_tax: boolean;
  session: string | null;
}

/** Makes the subscription and its first invoice, as a draft. No event of the subscription itself is sent yet. */
function begin(box: Box, order: SubscriptionOrder): { subscription: Subscription; invoice: Invoice } {
  const customer = need(box, "customer", order.customer, "customer");
  const at = box.nowFor(customer.id);
  const prices = order.items.map((item, index) => recurringPrice(box, item.price, `items[${index}][price]`));
  const [first] = prices;
  if (!first) throw invalid("Missing required param: items.", "items", "parameter_missing");
  if (prices.some((price) => price.currency !== first.currency)) {
    throw invalid("Currency must match across all prices of a subscription.", "items");
  }
  if (new Set(prices.map((price) => price.id)).size < prices.length) {
    throw invalid("A subscription can hold the same price only once.", "items");
  }
  const id = newId("sub");
  const trial = order.trial_end !== null && order.trial_end > at ? order.trial_end : null;
  const anchor = trial ?? at;
  const items = prices.map((price, index) =>
    subscriptionItem(price, {
      subscription: id,
      created: at,
      current_period_start: at,
      current_period_end: trial ?? nextBoundary(anchor, price.recurring, at),
      metadata: order.items[index]?.metadata ?? {},
      quantity: order.items[index]?.quantity,
    }),
  );
  const discounts = order.discounts.map((wanted) =>
    redeem(box, wanted, { customer: customer.id, subscription: id, session: order.session }),
  );
  const end = Math.min(...items.map((item) => item.current_period_end));
  const cancelAt = order.cancel_at_period_end ? end : order.cancel_at;
  const draft = box.store.put({
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: {
      disabled_reason: null,
      enabled: order.automatic_tax,
      liability: order.automatic_tax ? { type: "self" } : null,
    },
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: cancelAt,
    cancel_at_period_end: order.cancel_at_period_end,
    canceled_at: cancelAt === null ? null : at,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: "charge_automatically",
    created: at,
    currency: first.currency,
    customer: customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: order.default_payment_method,
    default_source: null,
    default_tax_rates: [],
    description: order.description,
    discounts: discounts.map((discount) => discount.id),
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: whole(items, `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: order.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: "off" },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: at,
    status: trial === null ? "incomplete" : "trialing",
    test_clock: customer.test_clock ?? null,
    transfer_data: null,
    trial_end: trial,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: order.missing_payment_method },
    },
    trial_start: trial === null ? null : at,
  } satisfies Subscription);
  const licensed = items.filter((item) => item.price.recurring?.usage_type !== "metered");
  const pending = box.store
    .all("invoiceitem")
    .filter((item) => item.customer === customer.id && item.invoice === null && !item.parent?.subscription_details);
  const invoice = createInvoice(box, {
    customer: customer.id,
    subscription: draft,
    reason: "subscription_create",
    lines: [
      ...pending.map((item) => lineOfItem(box, item)),
      ...licensed.map((item) =>
        itemLine(box, draft, item, { start: at, end: item.current_period_end }, { trial: trial !== null }),
      ),
    ],
    period: { start: at, end: at },
    at,
    currency: first.currency,
    finalizesAt: null,
  });
  for (const item of pending) box.store.put({ ...item, invoice: invoice.id });
  return { subscription: box.store.put({ ...draft, latest_invoice: invoice.id }), invoice };
}

/** What the first invoice would ask for now. */
export function firstAmount(box: Box, order: SubscriptionOrder): Invoice {
  return box.dry(() => begin(box, order).invoice);
}

/** Through Checkout: the payment was made already (or none is due), so the subscription is born active. */
export function subscribePaid(box: Box, order: SubscriptionOrder, intent: PaymentIntent | undefined): Subscription {
  const { subscription, invoice } = begin(box, order);
  finalizeInvoice(box, invoice, invoice.created, intent);
  const open = need(box, "invoice", invoice.id);
  if (open.status === "open") markPaid(box, { ...open, attempt_count: 1 }, open.created);
  const started = box.store.put({
    ...subscription,
    status: subscription.status === "trialing" ? "trialing" : "active",
  });
  box.emit("customer.subscription.created", started);
  return started;
}

/** By API: born incomplete, active when the first payment succeeds: https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses */
export function subscribe(
  box: Box,
  order: SubscriptionOrder,
  behavior: "allow_incomplete" | "default_incomplete" | "error_if_incomplete",
): Subscription {
  const { subscription, invoice } = begin(box, order);
  box.emit("customer.subscription.created", subscription);
  box.inOrder(["customer.subscription.created", "invoice.created"]);
  const open = finalizeInvoice(box, invoice, invoice.created);
  if (open.status === "paid") {
    const latest = need(box, "subscription", subscription.id);
    return latest.status === "incomplete"
      ? box.update("customer.subscription.updated", latest, { status: "active" })
      : latest;
  }
  if (behavior === "default_incomplete") return subscription;
  if (!methodFor(box, open, subscription)) {
    throw invalid(
      "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://docs.stripe.com/billing/subscriptions/payment-methods-setting#payment-method-priority.",
      undefined,
      "resource_missing",
    );
  }
  const { attempt } = collect(box, open, { at: open.created, present: true, scheduled: false });
  if (attempt && attempt.outcome !== "succeeded" && behavior === "error_if_incomplete") {
    const { message, ...fields } = attempt.decline ?? {
      code: "subscription_payment_intent_requires_action",
      message: "Payment for this subscription requires additional user action before it can be completed successfully.",
    };
    throw new StripeError(402, "card_error", message, fields);
  }
  return need(box, "subscription", subscription.id);
}
