// The turn of a billing period, and invoices made out of turn.
import type { Box } from "../box.ts";
import { StripeError } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import type { Invoice, InvoiceItem, InvoiceLine, Subscription, SubscriptionItem } from "../types.ts";
import { collect } from "./collect.ts";
import { endSubscription } from "./end.ts";
import { createInvoice } from "./invoice-draft.ts";
import { finalizeInvoice } from "./invoices.ts";
import { itemLine, lineOfItem, type Period } from "./lines.ts";
import { HOUR, nextBoundary } from "./periods.ts";
import { meteredUsage } from "./usage.ts";

export interface ImmediateLine {
  item: SubscriptionItem;
  period: Period;
}

const isMetered = (item: SubscriptionItem) => item.price.recurring?.usage_type === "metered";

/** Invoice items that wait for a subscription's next invoice. */
export function pendingItems(box: Box, subscription: Subscription): InvoiceItem[] {
  return box.store
    .all("invoiceitem")
    .filter(
      (item) =>
        item.invoice === null &&
        item.customer === subscription.customer &&
        (item.parent?.subscription_details?.subscription ?? subscription.id) === subscription.id,
    );
}

interface DraftOrder {
  lines: InvoiceLine[];
  reason: NonNullable<Invoice["billing_reason"]>;
  period: Period;
  at: number;
  finalizesAt: number | null;
}

/** A draft with all that is pending. Must run inside a change. */
export function draftFor(box: Box, subscription: Subscription, order: DraftOrder): Invoice {
  const pending = pendingItems(box, subscription);
  const { lines, ...rest } = order;
  const invoice = createInvoice(box, {
    ...rest,
    customer: subscription.customer,
    subscription,
    currency: subscription.currency,
    lines: [...pending.map((item) => lineOfItem(box, item)), ...lines],
  });
  for (const item of pending) box.store.put({ ...item, invoice: invoice.id });
  return invoice;
}

/** The bill of a change: prorations that wait and the given lines. Must run inside a change. */
export function draftNow(box: Box, subscription: Subscription, lines: ImmediateLine[], at: number): Invoice {
  return draftFor(box, subscription, {
    lines: lines.map(({ item, period }) => itemLine(box, subscription, item, period)),
    reason: "subscription_update",
    period: { start: at, end: at },
    at,
    finalizesAt: null,
  });
}

/** Finalizes and collects such a bill. Throws the 402 when it must be paid and is not. Must run inside a change. */
export function settleNow(
  box: Box,
  draft: Invoice,
  at: number,
  behavior: "allow_incomplete" | "error_if_incomplete" | "default_incomplete",
): Invoice {
  const open = finalizeInvoice(box, draft, at);
  if (open.status === "paid" || behavior === "default_incomplete") return open;
  const { invoice, attempt } = collect(box, open, { at, present: false, scheduled: true });
  if (behavior === "error_if_incomplete" && attempt?.outcome !== "succeeded") {
    const { message, ...fields } = attempt?.decline ?? { code: "card_declined", message: "Your card was declined." };
    throw new StripeError(402, "card_error", message, fields);
  }
  return invoice;
}

/** Moves every item whose period is over into the next one and drafts the invoice for it. Must run inside a change. */
export function renew(box: Box, before: Subscription, at: number): void {
  const endsTrial = before.status === "trialing";
  const lines: InvoiceLine[] = [];
  const items = before.items.data.map((item) => {
    if (item.current_period_end > at || !item.price.recurring) return item;
    const period = {
      start: item.current_period_end,
      end: nextBoundary(before.billing_cycle_anchor, item.price.recurring, item.current_period_end),
    };
    const past = { start: item.current_period_start, end: item.current_period_end };
    if (!isMetered(item)) lines.push(itemLine(box, before, item, period));
    else if (!endsTrial) {
      lines.push(itemLine(box, before, item, past, { usage: meteredUsage(box, item.price, before.customer, past) }));
    }
    return { ...item, current_period_start: period.start, current_period_end: period.end };
  });
  const [first] = before.items.data;
  const renewed = { ...before, items: { ...before.items, data: items } };
  const draft = draftFor(box, renewed, {
    lines,
    reason: "subscription_cycle",
    period: { start: first?.current_period_start ?? at, end: at },
    at,
    finalizesAt: at + HOUR,
  });
  box.update("customer.subscription.updated", before, {
    items: renewed.items,
    latest_invoice: draft.id,
    ...(endsTrial && { status: "active" }),
  });
}

/** A trial is over and there is no card to go on with. Must run inside a change. */
export function endTrialWithoutCard(box: Box, before: Subscription, at: number): void {
  if (before.trial_settings?.end_behavior.missing_payment_method === "cancel") {
    endSubscription(box, before, at, "cancellation_requested");
    return;
  }
  const paused = box.store.put({ ...before, status: "paused" });
  box.emit("customer.subscription.paused", paused, { status: before.status });
}

/** The end that was asked for has come. What was used until then is billed. Must run inside a change. */
export function endAsPlanned(box: Box, before: Subscription, at: number): void {
  billRemains(box, before, at);
  endSubscription(box, need(box, "subscription", before.id), at, "cancellation_requested");
}

/** Bills metered usage that no invoice has yet, and prorations that wait. Must run inside a change. */
export function billRemains(box: Box, before: Subscription, at: number): void {
  const lines = before.items.data.filter(isMetered).flatMap((item) => {
    const period = { start: item.current_period_start, end: Math.min(at, item.current_period_end) };
    const usage = meteredUsage(box, item.price, before.customer, period);
    return Number(usage) > 0 ? [itemLine(box, before, item, period, { usage })] : [];
  });
  if (lines.length === 0 && pendingItems(box, before).length === 0) return;
  const draft = draftFor(box, before, {
    lines,
    reason: "subscription_cycle",
    period: { start: before.items.data[0]?.current_period_start ?? at, end: at },
    at,
    finalizesAt: null,
  });
  box.store.put({ ...before, latest_invoice: draft.id });
  const open = finalizeInvoice(box, draft, at);
  if (open.status === "open") collect(box, open, { at, present: false, scheduled: false });
}
