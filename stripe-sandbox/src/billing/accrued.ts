// What a metered item counted until it was taken away or replaced: flexible billing bills it then.
// https://docs.stripe.com/billing/subscriptions/billing-mode/compare
import type { Box } from "../box.ts";
import type { SubscriptionItem } from "../types.ts";
import { amountOf } from "./amounts.ts";
import { lineText } from "./lines.ts";
import type { PendingProration } from "./proration.ts";
import { meteredUsage } from "./usage.ts";

/** The bill of a metered item's period until now; undefined where nothing was used. */
export function accrued(box: Box, item: SubscriptionItem, customer: string, at: number): PendingProration | undefined {
  const period = { start: item.current_period_start, end: at };
  const usage = meteredUsage(box, item.price, customer, period);
  if (Number(usage) === 0) return undefined;
  return {
    amount: amountOf(item.price, usage),
    description: lineText(box, item.price, usage),
    price: item.price,
    quantity: Math.round(Number(usage)),
    period,
    isUsage: true,
  };
}
