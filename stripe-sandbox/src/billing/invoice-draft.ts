// An invoice as it begins.
import { ACCOUNT_ID, BASE, type Box } from "../box.ts";
import { whole } from "../http/lists.ts";
import { newId, randomText } from "../ids.ts";
import { need } from "../resources/find.ts";
import type { Invoice, InvoiceLine, Subscription } from "../types.ts";
import { activeDiscounts, applyDiscounts } from "./discounts.ts";

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
