// Proration to the second: a credit for the time not used, a charge for the time that is left.
// https://docs.stripe.com/billing/subscriptions/prorations
import type { Box } from "../box.ts";
import { newId } from "../ids.ts";
import type { InvoiceItem, Price, Subscription, SubscriptionItem } from "../types.ts";
import { amountOf, share } from "./amounts.ts";
import { productName, type Period } from "./lines.ts";
import { dateText } from "./periods.ts";

export interface PendingProration {
  amount: number;
  description: string;
  price: Price;
  quantity: number;
  period: Period;
}

const isMetered = (price: Price) => price.recurring?.usage_type === "metered";

/** What remains of an item's period, as money. Metered items are billed by what was used, so nothing is prorated. */
export function prorate(
  box: Box,
  item: SubscriptionItem,
  at: number,
  kind: "unused" | "remaining",
): PendingProration | undefined {
  if (isMetered(item.price)) return undefined;
  const quantity = item.quantity ?? 1;
  const start = Math.max(at, item.current_period_start);
  const left = item.current_period_end - start;
  if (left <= 0) return undefined;
  const whole = item.current_period_end - item.current_period_start;
  const full = share(amountOf(item.price, quantity), left, whole);
  const amount = kind === "unused" ? asBilled(box, item, full) : full;
  const name = `${quantity > 1 ? `${quantity} × ` : ""}${productName(box, item.price)}`;
  return {
    amount: kind === "unused" ? -amount : amount,
    description: `${kind === "unused" ? "Unused time on" : "Remaining time on"} ${name} after ${dateText(at)}`,
    price: item.price,
    quantity,
    period: { start, end: item.current_period_end },
  };
}

// What was billed at a discount is credited at that discount: flexible billing credits what was really charged.
function asBilled(box: Box, item: SubscriptionItem, full: number): number {
  const lines = box.store
    .all("invoice")
    .filter(
      (invoice) =>
        invoice.status !== "void" && invoice.parent?.subscription_details?.subscription === item.subscription,
    )
    .flatMap((invoice) => invoice.lines.data)
    .filter(
      (row) =>
        row.parent?.subscription_item_details?.subscription_item === item.id &&
        row.period.end === item.current_period_end &&
        row.amount > 0,
    );
  const billed = lines.at(-1);
  if (!billed) return full;
  const discount = (billed.discount_amounts ?? []).reduce((sum, part) => sum + part.amount, 0);
  return share(full, billed.amount - discount, billed.amount);
}

/** Writes a proration down as an invoice item, to go onto the next invoice. Must run inside a change. */
export function pendProration(
  box: Box,
  subscription: Subscription,
  item: SubscriptionItem,
  proration: PendingProration,
  at: number,
): InvoiceItem {
  const made = box.store.put({
    id: newId("ii"),
    object: "invoiceitem",
    amount: proration.amount,
    currency: subscription.currency,
    customer: subscription.customer,
    customer_account: null,
    date: at,
    description: proration.description,
    // The charge takes part in the discounts of the invoice it comes onto; the credit has them in it already.
    discountable: proration.amount > 0,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: proration.amount,
    parent: {
      subscription_details: { subscription: subscription.id, subscription_item: item.id },
      type: "subscription_details",
    },
    period: proration.period,
    pricing: {
      price_details: { price: proration.price.id, product: proration.price.product },
      type: "price_details",
      unit_amount_decimal: proration.price.unit_amount_decimal,
    },
    proration: true,
    proration_details: { credited_items: null, discount_amounts: [] },
    quantity: proration.quantity,
    quantity_decimal: String(proration.quantity),
    tax_rates: [],
    test_clock: subscription.test_clock,
  } satisfies InvoiceItem);
  box.emit("invoiceitem.created", made);
  return made;
}
