// What an invoice would be: the real step is taken, read, and taken back.
import type { Box } from "../box.ts";
import { StripeError } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import type { Invoice, Subscription } from "../types.ts";
import { changeSubscription, periodEnd, type SubscriptionChange } from "./change.ts";
import { draftFor, renew } from "./renew.ts";

const none = (customer: string) =>
  new StripeError(404, "invalid_request_error", `No upcoming invoices for customer: '${customer}'`, {
    code: "invoice_upcoming_none",
  });

/** The invoice of the next renewal, with all that is pending. 404 when there will be none. */
export function upcomingInvoice(box: Box, subscription: Subscription): Invoice {
  return box.dry(() => {
    if (subscription.ended_at !== null || subscription.status === "incomplete") throw none(subscription.customer);
    const at = periodEnd(subscription);
    const ends = subscription.cancel_at !== null && subscription.cancel_at <= at;
    if (ends) {
      const draft = draftFor(box, subscription, {
        lines: [],
        reason: "upcoming",
        period: { start: subscription.items.data[0]?.current_period_start ?? at, end: at },
        at,
        finalizesAt: null,
      });
      if (draft.lines.data.length === 0) throw none(subscription.customer);
      return draft;
    }
    renew(box, subscription, at);
    const draft = need(box, "invoice", need(box, "subscription", subscription.id).latest_invoice ?? "");
    return { ...draft, billing_reason: "upcoming" };
  });
}

/** What a change would bring: the invoice it makes at once, or else the next one with its prorations. */
export function previewChange(box: Box, subscription: Subscription, change: SubscriptionChange): Invoice {
  return box.dry(() => {
    const changed = changeSubscription(box, subscription, { ...change, payment_behavior: "default_incomplete" });
    if (changed.latest_invoice !== subscription.latest_invoice && changed.latest_invoice) {
      return need(box, "invoice", changed.latest_invoice);
    }
    return upcomingInvoice(box, changed);
  });
}
