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
  item: Pick<SubscriptionItem, "price" | "quantity" | "current_period_start" | "current_period_end">,
  at: number,
  kind: "unused" | "remaining",
): PendingProration | undefined {
  if (isMetered(item.price)) return undefined;
  const quantity = item.quantity ?? 1;
  const start = Math.max(at, item.current_period_start);
  const left = item.current_period_end - start;
  if (left <= 0) return undefined;
  const amount = share(amountOf(item.price, quantity), left, item.current_period_end - item.current_period_start);
  const name = `${quantity > 1 ? `${quantity} × ` : ""}${productName(box, item.price)}`;
  return {
    amount: kind === "unused" ? -amount : amount,
    description: `${kind === "unused" ? "Unused time on" : "Remaining time on"} ${name} after ${dateText(at)}`,
    price: item.price,
    quantity,
    period: { start, end: item.current_period_end },
  };
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
    discountable: false,
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
