// Cancelling a subscription at once.
import type { Box } from "../box.ts";
import { need } from "../resources/find.ts";
import type { Subscription } from "../types.ts";
import { endSubscription } from "./end.ts";
import { creditUnused, pendProration } from "./proration.ts";
import { billRemains } from "./renew.ts";

/** Ends a subscription now. Must run inside a change. */
export function cancelNow(
  box: Box,
  subscription: Subscription,
  reason: "cancellation_requested" | "payment_failed",
  how: { invoiceNow: boolean; prorate: boolean } = { invoiceNow: false, prorate: false },
): Subscription {
  const at = box.nowFor(subscription.customer);
  if (how.prorate) {
    for (const item of subscription.items.data) {
      const proration = creditUnused(box, item, at);
      if (proration) pendProration(box, subscription, item, proration, at);
    }
  }
  if (how.invoiceNow) billRemains(box, box.store.put(subscription), at);
  const latest = how.invoiceNow ? need(box, "subscription", subscription.id) : subscription;
  return endSubscription(box, latest, at, reason);
}
