// Invoices from draft to paid: https://docs.stripe.com/invoicing/overview#invoice-statuses
import { type Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { newId } from "../ids.ts";
import { need } from "../resources/find.ts";
import type { Invoice, InvoicePayment, PaymentIntent } from "../types.ts";
import { totalsOf } from "./invoice-draft.ts";
import { createIntent } from "./payments.ts";

/** The payment that an open invoice waits for. */
export function paymentOf(box: Box, invoice: string): InvoicePayment | undefined {
  return box.store.all("invoice_payment").find((row) => row.invoice === invoice && row.status !== "canceled");
}

/** The payment intent that an invoice is collected through. */
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
  const endingBalance = customer.balance + totals.total - totals.amount_due;
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
