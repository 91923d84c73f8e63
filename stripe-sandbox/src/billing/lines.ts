// Invoice lines.
import type { Box } from "../box.ts";
import { newId } from "../ids.ts";
import type { InvoiceItem, InvoiceLine, Price, Subscription, SubscriptionItem } from "../types.ts";
import { amountOf } from "./amounts.ts";
import { money } from "./disputes.ts";

export interface Period {
  start: number;
  end: number;
}

interface LineOrder {
  amount: number;
  description: string;
  price: Price | null;
  quantity: number | null;
  period: Period;
  currency: string;
  parent: InvoiceLine["parent"];
  subscription: string | null;
  discountable?: boolean;
  metadata?: Record<string, string>;
}

/** A line as it begins: on no invoice yet, without discounts. */
export function line(order: LineOrder): InvoiceLine {
  return {
    id: newId("il"),
    object: "line_item",
    amount: order.amount,
    currency: order.currency,
    description: order.description,
    discount_amounts: [],
    discountable: order.discountable ?? true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: order.metadata ?? {},
    parent: order.parent,
    period: order.period,
    pretax_credit_amounts: [],
    pricing: order.price
      ? {
          price_details: { price: order.price.id, product: order.price.product },
          type: "price_details",
          unit_amount_decimal: order.price.unit_amount_decimal,
        }
      : null,
    quantity: order.quantity,
    quantity_decimal: order.quantity === null ? null : String(order.quantity),
    subscription: order.subscription,
    subtotal: order.amount,
    taxes: [],
  };
}

/** What a price sells, in words for people. */
export const productName = (box: Box, price: Price): string =>
  box.store.get("product", price.product)?.name ?? "Product";

/** Whether usage is counted and billed afterwards, instead of a number bought ahead. */
export const isMetered = (price: Price): boolean => price.recurring?.usage_type === "metered";

/** `$29.00 / month`. */
export function priceText(price: Price): string {
  const amount =
    price.unit_amount === null
      ? `${price.currency === "usd" ? "$" : ""}${Number(price.unit_amount_decimal ?? 0) / 100}`
      : money(price.unit_amount, price.currency);
  if (!price.recurring) return amount;
  const { interval, interval_count: count } = price.recurring;
  return `${amount} / ${count === 1 ? interval : `every ${count} ${interval}s`}`;
}

/** `2 × Pro (at $29.00 / month)`. */
export const lineText = (box: Box, price: Price, quantity: number | string): string =>
  `${quantity} × ${productName(box, price)} (at ${priceText(price)})`;

/** The line for one item of a subscription over a period. `quantity` is a decimal string for metered usage. */
export function itemLine(
  box: Box,
  subscription: Pick<Subscription, "id">,
  item: SubscriptionItem,
  period: Period,
  how: { trial?: boolean; usage?: string } = {},
): InvoiceLine {
  const quantity = how.usage ?? item.quantity ?? 1;
  const made = line({
    amount: how.trial ? 0 : amountOf(item.price, quantity),
    description: how.trial ? `Trial period for ${productName(box, item.price)}` : lineText(box, item.price, quantity),
    price: item.price,
    quantity: Math.round(Number(quantity)),
    period,
    currency: item.price.currency,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: "subscription_item_details",
    },
    subscription: subscription.id,
  });
  return { ...made, quantity_decimal: String(quantity) };
}

/** The line by which a pending invoice item comes onto an invoice. */
export function lineOfItem(box: Box, item: InvoiceItem): InvoiceLine {
  const subscription = item.parent?.subscription_details?.subscription ?? null;
  const price = item.pricing?.price_details ? (box.store.get("price", item.pricing.price_details.price) ?? null) : null;
  return {
    ...line({
      amount: item.amount,
      description: item.description ?? "",
      price,
      quantity: item.quantity,
      period: item.period,
      currency: item.currency,
      parent: {
        invoice_item_details: {
          invoice_item: item.id,
          proration: item.proration,
          proration_details: { credited_items: null },
          subscription,
        },
        subscription_item_details: null,
        type: "invoice_item_details",
      },
      subscription,
      discountable: item.discountable,
      metadata: item.metadata ?? {},
    }),
    pricing: item.pricing,
  };
}
