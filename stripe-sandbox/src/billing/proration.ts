// Proration to the second: a credit for the time not used, a charge for the time that is left.
// https://docs.stripe.com/billing/subscriptions/prorations
import type { Box } from "../box.ts";
import { newId } from "../ids.ts";
import type { Discount, InvoiceItem, InvoiceLine, Price, Subscription, SubscriptionItem } from "../types.ts";
import { share } from "./amounts.ts";
import { applyDiscounts } from "./discounts.ts";
import { isMetered, itemLine, productName, type Period } from "./lines.ts";
import { dateText } from "./periods.ts";

export interface PendingProration {
  amount: number;
  description: string;
  price: Price;
  quantity: number;
  period: Period;
  /** What a metered item counted until it went: no share of anything. */
  isUsage?: true;
}

const named = (box: Box, item: SubscriptionItem): string => {
  const quantity = item.quantity ?? 1;
  return `${quantity > 1 ? `${quantity} × ` : ""}${productName(box, item.price)}`;
};

/** Puts a share of an item's period in words. */
const worded = (
  box: Box,
  item: SubscriptionItem,
  at: number,
  what: { kind: "Unused" | "Remaining"; amount: number; start: number },
): PendingProration => ({
  amount: what.amount,
  description: `${what.kind} time on ${named(box, item)} after ${dateText(at)}`,
  price: item.price,
  quantity: item.quantity ?? 1,
  period: { start: what.start, end: item.current_period_end },
});

/**
 * The credit for what remains of what was last debited for an item, whatever its price is by now: that is flexible
 * billing (https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations). `undefined` where nothing was
 * debited, or nothing remains. Metered items are billed by what was used, so nothing is prorated.
 */
export function creditUnused(box: Box, item: SubscriptionItem, at: number): PendingProration | undefined {
  const debit = isMetered(item.price) ? undefined : lastDebit(box, item);
  if (!debit) return undefined;
  const start = Math.max(at, debit.period.start);
  const left = debit.period.end - start;
  if (left <= 0) return undefined;
  const amount = share(debit.amount, left, debit.period.end - debit.period.start);
  return worded(box, item, at, { kind: "Unused", amount: -amount, start });
}

/** The charge for what remains of an item's period. `full` is what the whole period costs, after discounts. */
export function chargeRemaining(
  box: Box,
  item: SubscriptionItem,
  at: number,
  full: number,
): PendingProration | undefined {
  if (isMetered(item.price)) return undefined;
  const start = Math.max(at, item.current_period_start);
  const left = item.current_period_end - start;
  if (left <= 0) return undefined;
  const amount = share(full, left, item.current_period_end - item.current_period_start);
  return worded(box, item, at, { kind: "Remaining", amount, start });
}

/** What was last debited for an item in its running period, after discounts. */
function lastDebit(box: Box, item: SubscriptionItem): { amount: number; period: Period } | undefined {
  const isVoid = (invoice: string | null) => invoice !== null && box.store.get("invoice", invoice)?.status === "void";
  const prorated = box.store
    .all("invoiceitem")
    .filter(
      (row) =>
        row.parent?.subscription_details?.subscription_item === item.id &&
        row.proration &&
        row.amount >= 0 &&
        row.period.end === item.current_period_end &&
        !isVoid(row.invoice),
    )
    .at(-1);
  if (prorated) return { amount: prorated.amount, period: prorated.period };
  const line = box.store
    .all("invoice")
    .filter(
      ({ status, parent }) => status !== "void" && parent?.subscription_details?.subscription === item.subscription,
    )
    .flatMap(({ lines }) => lines.data)
    .filter(
      (row) =>
        row.parent?.subscription_item_details?.subscription_item === item.id &&
        row.period.end === item.current_period_end,
    )
    .at(-1);
  return line && { amount: line.amount - discountOf(line), period: line.period };
}

const discountOf = ({ discount_amounts }: InvoiceLine): number =>
  (discount_amounts ?? []).reduce((sum, part) => sum + part.amount, 0);

/** What each item costs for a whole period after these discounts, by the item's id. */
export function fullAmounts(
  box: Box,
  subscription: Subscription,
  items: readonly SubscriptionItem[],
  discounts: Discount[],
): Map<string, number> {
  const lines = items.map((item) =>
    itemLine(box, subscription, item, { start: item.current_period_start, end: item.current_period_end }),
  );
  const discounted = applyDiscounts(box, lines, discounts);
  return new Map(items.map(({ id }, n) => [id, (discounted[n]?.amount ?? 0) - discountOf(discounted[n] ?? lines[n]!)]));
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
    // A proration has its discounts in it already.
    discountable: proration.isUsage ?? false,
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
    proration: !proration.isUsage,
    proration_details: { credited_items: null, discount_amounts: [] },
    quantity: proration.quantity,
    quantity_decimal: String(proration.quantity),
    tax_rates: [],
    test_clock: subscription.test_clock,
  } satisfies InvoiceItem);
  box.emit("invoiceitem.created", made);
  return made;
}
