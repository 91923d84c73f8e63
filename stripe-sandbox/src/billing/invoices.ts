// Invoices from draft to paid: https://docs.stripe.com/invoicing/overview#invoice-statuses
import { ACCOUNT_ID, BASE, type Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { whole } from "../http/lists.ts";
import { newId, randomText } from "../ids.ts";
import { need } from "../resources/find.ts";
import type { Invoice, InvoiceLine, InvoicePayment, PaymentIntent, Subscription } from "../types.ts";
import { activeDiscounts, applyDiscounts } from "./discounts.ts";
import { createIntent } from "./payments.ts";

export interface InvoiceOrder {
  customer: string;
  subscription: Subscription | null;
  reason: NonNullable<Invoice["billing_reason"]>;
  lines: InvoiceLine[];
  period: { start: number; end: number };
  at: number;
  currency: string;
  /** When it leaves the draft by itself; null for one that waits for its maker. */
  finalizesAt: number | null;
  autoAdvance?: boolean;
  description?: string | null;
  metadata?: Record<string, string>;
}

type Totals = Pick<
  Invoice,
  | "amount_due"
  | "amount_remaining"
  | "subtotal"
  | "subtotal_excluding_tax"
  | "total"
  | "total_excluding_tax"
  | "starting_balance"
> & { total_discount_amounts: { amount: number; discount: string }[] };

/** What the lines come to, after discounts and the customer's balance. */
export function totalsOf(lines: InvoiceLine[], balance: number): Totals {
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
  const byDiscount = new Map<string, number>();
  for (const { amount, discount } of lines.flatMap((line) => line.discount_amounts ?? [])) {
    byDiscount.set(discount, (byDiscount.get(discount) ?? 0) + amount);
  }
  const total = subtotal - [...byDiscount.values()].reduce((sum, amount) => sum + amount, 0);
  const due = Math.max(0, total + balance);
  return {
    amount_due: due,
    amount_remaining: due,
    starting_balance: balance,
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: total,
    total_discount_amounts: [...byDiscount].map(([discount, amount]) => ({ amount, discount })),
  };
}

/** Makes a draft. Must run inside a change. */
export function createInvoice(box: Box, order: InvoiceOrder): Invoice {
  const customer = need(box, "customer", order.customer, "customer");
  const id = newId("in");
  const discounts = activeDiscounts(box, order.subscription?.discounts ?? [], order.at);
  const lines = applyDiscounts(box, order.lines, discounts).map((line) => ({ ...line, invoice: id }));
  const token = randomText(32);
  for (const discount of discounts) {
    const coupon = discount.source.coupon ? box.store.get("coupon", discount.source.coupon) : undefined;
    if (coupon?.duration === "once") box.store.put({ ...discount, invoice: id });
  }
  const invoice = box.store.put({
    id,
    object: "invoice",
    account_country: "US",
    account_name: "Sandbox",
    account_tax_ids: null,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: order.autoAdvance ?? true,
    automatic_tax: {
      disabled_reason: null,
      enabled: order.subscription?.automatic_tax.enabled ?? false,
      liability: order.subscription?.automatic_tax.enabled ? { type: "self" } : null,
      provider: order.subscription?.automatic_tax.enabled ? "stripe" : null,
      status: order.subscription?.automatic_tax.enabled ? "complete" : null,
    },
    automatically_finalizes_at: order.finalizesAt,
    billing_reason: order.reason,
    collection_method: order.subscription?.collection_method ?? "charge_automatically",
    created: order.at,
    currency: order.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: order.description ?? null,
    discounts: discounts.map((discount) => discount.id),
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: `${BASE}/i/${ACCOUNT_ID}/${token}`,
    invoice_pdf: `${BASE}/i/${ACCOUNT_ID}/${token}/pdf`,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: whole(lines, `/v1/invoices/${id}/lines`),
    livemode: false,
    metadata: order.metadata ?? {},
    next_payment_attempt: order.finalizesAt,
    number: null,
    on_behalf_of: null,
    parent: order.subscription
      ? {
          quote_details: null,
          subscription_details: { metadata: order.subscription.metadata, subscription: order.subscription.id },
          type: "subscription_details",
        }
      : null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: order.period.end,
    period_start: order.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    test_clock: customer.test_clock ?? null,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: order.at,
    ...totalsOf(lines, customer.balance),
  } satisfies Invoice);
  box.emit("invoice.created", invoice);
  return invoice;
}

/** The payment that an open invoice waits for. */
export function paymentOf(box: Box, invoice: string): InvoicePayment | undefined {
  return box.store.all("invoice_payment").find((row) => row.invoice === invoice && row.status !== "canceled");
}

export function intentOf(box: Box, invoice: string): PaymentIntent | undefined {
  const id = paymentOf(box, invoice)?.payment.payment_intent;
  return id ? box.store.get("payment_intent", id) : undefined;
}

/** Draft → open (or paid, when nothing is due). `intent` is one that was paid beforehand, as Checkout does. */
export function finalizeInvoice(box: Box, draft: Invoice, at: number, intent?: PaymentIntent): Invoice {
  if (draft.status !== "draft") {
    throw invalid(
      `This invoice is already finalized, you can't re-finalize a non-draft invoice.`,
      undefined,
      "invoice_not_editable",
    );
  }
  const customer = need(box, "customer", draft.customer ?? "", "customer");
  const totals = totalsOf(draft.lines.data, customer.balance);
  const endingBalance = customer.balance + totals.amount_due - totals.total;
  const sequence = customer.next_invoice_sequence ?? 1;
  if (endingBalance !== customer.balance) {
    box.update("customer.updated", customer, { balance: endingBalance });
  }
  box.store.put({
    ...need(box, "customer", customer.id),
    next_invoice_sequence: sequence + 1,
    currency: draft.currency,
  });
  const open = box.store.put({
    ...draft,
    ...totals,
    automatically_finalizes_at: null,
    effective_at: at,
    ending_balance: endingBalance,
    number: `${customer.invoice_prefix}-${String(sequence).padStart(4, "0")}`,
    status: "open",
    status_transitions: { ...draft.status_transitions, finalized_at: at },
  } satisfies Invoice);
  box.emit("invoice.finalized", open);
  if (open.amount_due === 0) return markPaid(box, open, at);
  const owed =
    intent ??
    createIntent(box, {
      amount: open.amount_due,
      currency: open.currency,
      customer: open.customer,
      description: open.billing_reason === "subscription_create" ? "Subscription creation" : "Subscription update",
      setup_future_usage: open.billing_reason === "subscription_create" ? "off_session" : null,
      at,
    });
  box.store.put({
    id: newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: open.amount_due,
    created: at,
    currency: open.currency,
    invoice: open.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: owed.id, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  } satisfies InvoicePayment);
  return open;
}

/** Marks an open invoice as paid and tells of it. */
export function markPaid(box: Box, open: Invoice, at: number, outside = false): Invoice {
  const paid = box.store.put({
    ...open,
    amount_paid: outside ? 0 : open.amount_due,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: "paid",
    status_transitions: { ...open.status_transitions, paid_at: at },
  });
  box.emit("invoice.paid", paid);
  box.emit("invoice.payment_succeeded", paid);
  const payment = paymentOf(box, open.id);
  if (payment && !outside) {
    const done = box.store.put({
      ...payment,
      amount_paid: payment.amount_requested,
      status: "paid",
      status_transitions: { ...payment.status_transitions, paid_at: at },
    });
    box.emit("invoice_payment.paid", done);
  }
  return paid;
}

/** An open invoice (or draft) that is not wanted any more. Must run inside a change. */
export function voidInvoice(box: Box, invoice: Invoice, at: number): Invoice {
  if (invoice.status !== "open" && invoice.status !== "uncollectible") {
    throw invalid(`You can only void open or uncollectible invoices. This one is ${invoice.status}.`);
  }
  const intent = intentOf(box, invoice.id);
  if (intent && intent.status !== "succeeded") {
    box.update("payment_intent.canceled", intent, {
      status: "canceled",
      canceled_at: at,
      cancellation_reason: "void_invoice",
    });
  }
  const payment = paymentOf(box, invoice.id);
  if (payment?.status === "open") {
    box.store.put({ ...payment, status: "canceled", status_transitions: { canceled_at: at, paid_at: null } });
  }
  const voided = box.store.put({
    ...invoice,
    auto_advance: false,
    next_payment_attempt: null,
    status: "void",
    status_transitions: { ...invoice.status_transitions, voided_at: at },
  });
  box.emit("invoice.voided", voided);
  return voided;
}
