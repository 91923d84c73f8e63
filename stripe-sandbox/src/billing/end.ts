// The end of a subscription.
import type { Box } from "../box.ts";
import type { Subscription } from "../types.ts";

type Reason = "cancellation_requested" | "payment_failed" | "payment_disputed";

/** Ends a subscription for good and stops its drafts and retries. Must run inside a change. */
export function endSubscription(box: Box, subscription: Subscription, at: number, reason: Reason): Subscription {
  for (const invoice of box.store.all("invoice")) {
    if (invoice.parent?.subscription_details?.subscription !== subscription.id) continue;
    if (invoice.status === "open" || invoice.status === "draft") {
      box.store.put({ ...invoice, auto_advance: false, next_payment_attempt: null, automatically_finalizes_at: null });
    }
  }
  const ended = box.store.put({
    ...subscription,
    canceled_at: subscription.canceled_at ?? at,
    cancellation_details: {
      comment: subscription.cancellation_details?.comment ?? null,
      feedback: subscription.cancellation_details?.feedback ?? null,
      feedback_option: null,
      reason: subscription.cancellation_details?.reason ?? reason,
    },
    ended_at: at,
    status: "canceled",
  } satisfies Subscription);
  box.emit("customer.subscription.deleted", ended);
  return ended;
}
