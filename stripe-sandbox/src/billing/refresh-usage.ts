// Usage that arrives in the hour between a period's end and its invoice still counts.
import type { Box } from "../box.ts";
import { need } from "../resources/find.ts";
import type { Invoice } from "../types.ts";
import { amountOf } from "./amounts.ts";
import { applyDiscounts } from "./discounts.ts";
import { totalsOf } from "./invoice-draft.ts";
import { lineText } from "./lines.ts";
import { meteredUsage } from "./usage.ts";

/** A draft with its metered lines counted anew. Must run inside a change. */
export function refreshUsage(box: Box, draft: Invoice): Invoice {
  const customer = need(box, "customer", draft.customer ?? "");
  const counted = draft.lines.data.map((row) => {
    const price = row.pricing?.price_details ? box.store.get("price", row.pricing.price_details.price) : undefined;
    const details = row.parent?.subscription_item_details;
    if (price?.recurring?.usage_type !== "metered" || !details || details.proration) return row;
    const usage = meteredUsage(box, price, customer.id, row.period);
    const amount = amountOf(price, usage);
    return {
      ...row,
      amount,
      subtotal: amount,
      description: lineText(box, price, usage),
      quantity: Math.round(Number(usage)),
      quantity_decimal: usage,
    };
  });
  const discounts = draft.discounts.flatMap((id) => box.store.get("discount", id) ?? []);
  const bare = counted.map((row) => ({ ...row, discount_amounts: [] }));
  const data = applyDiscounts(box, bare, discounts);
  return box.store.put({ ...draft, lines: { ...draft.lines, data }, ...totalsOf(data, customer.balance) });
}
