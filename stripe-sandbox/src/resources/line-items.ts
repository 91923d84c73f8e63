// What a checkout session sells.
import type { Box } from "../box.ts";
import { amountOf } from "../billing/amounts.ts";
import { productName } from "../billing/lines.ts";
import type { LineItem } from "../types.ts";

/** The line items of a checkout session. */
export function lineItemsOf(box: Box, session: string): LineItem[] {
  const items = box.store.get("sandbox.checkout", session)?.items ?? [];
  return items.flatMap((item, index) => {
    const price = box.store.get("price", item.price);
    if (!price) return [];
    const quantity = item.quantity ?? 1;
    const amount = price.recurring?.usage_type === "metered" ? 0 : amountOf(price, quantity);
    return [
      {
        id: `li_${session.slice(-16)}${index}`,
        object: "item",
        adjustable_quantity: null,
        amount_discount: 0,
        amount_subtotal: amount,
        amount_tax: 0,
        amount_total: amount,
        currency: price.currency,
        description: productName(box, price),
        metadata: {},
        price,
        quantity: price.recurring?.usage_type === "metered" ? null : quantity,
      } satisfies LineItem,
    ];
  });
}
