// Changing a running subscription: items, cancellation, trial, discounts.
import type { Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { mergeMetadata } from "../http/params.ts";
import { need } from "../resources/find.ts";
import type { Price, Subscription, SubscriptionItem } from "../types.ts";
import { redeem, type DiscountOrder } from "./discounts.ts";
import { pendProration, prorate } from "./proration.ts";
import { invoiceNow, type ImmediateLine } from "./renew.ts";
import { nextBoundary, periodAround } from "./periods.ts";
import { recurringPrice, subscriptionItem } from "./subscribe.ts";

export interface ItemChange {
  id?: string;
  price?: string;
  quantity?: number;
  deleted?: boolean;
  metadata?: Record<string, string> | null;
}

export interface SubscriptionChange {
  automatic_tax?: { enabled: boolean };
  billing_cycle_anchor?: "now" | "unchanged";
  cancel_at?: number | null;
  cancel_at_period_end?: boolean;
  cancellation_details?: {
    comment?: string | null;
    feedback?: NonNullable<Subscription["cancellation_details"]>["feedback"];
  };
  default_payment_method?: string | null;
  description?: string | null;
  discounts?: DiscountOrder[] | null;
  items?: ItemChange[];
  metadata?: Record<string, string> | null;
  off_session?: boolean;
  payment_behavior?: "allow_incomplete" | "error_if_incomplete" | "default_incomplete";
  payment_settings?: { save_default_payment_method?: "off" | "on_subscription" };
  proration_behavior?: "create_prorations" | "always_invoice" | "none";
  proration_date?: number;
  trial_end?: number | "now";
  trial_settings?: { end_behavior: { missing_payment_method: "cancel" | "create_invoice" | "pause" } };
}

/** The end of the period that a subscription is paid up to. */
export const periodEnd = (subscription: Subscription): number =>
  Math.min(...subscription.items.data.map((item) => item.current_period_end));

/** Changes a subscription as `POST /v1/subscriptions/:id` does. Must run inside a change. */
export function changeSubscription(box: Box, before: Subscription, change: SubscriptionChange): Subscription {
  if (before.ended_at) {
    throw invalid(
      "A canceled subscription can only update its cancellation_details and metadata.",
      undefined,
      "invalid_canceled_subscription_fields",
    );
  }
  const at = box.nowFor(before.customer);
  const when = change.proration_date ?? at;
  const plan = planItems(box, before, change, at, when);
  const after: Subscription = {
    ...before,
    ...settings(box, before, change),
    ...cancellation(before, change, at),
    ...plan.patch,
    metadata: mergeMetadata(before.metadata, change.metadata),
  };
  const changed = box.update("customer.subscription.updated", before, after);
  const behavior = change.proration_behavior ?? "create_prorations";
  if (behavior !== "none") {
    for (const { item, proration } of plan.prorations) pendProration(box, changed, item, proration, at);
  }
  const wantsInvoice = plan.newCycle || (behavior === "always_invoice" && plan.prorations.length > 0);
  if (!wantsInvoice) return changed;
  invoiceNow(box, changed, plan.lines, at, change.payment_behavior ?? "allow_incomplete");
  return need(box, "subscription", before.id);
}

function settings(box: Box, before: Subscription, change: SubscriptionChange): Partial<Subscription> {
  const patch: Partial<Subscription> = {};
  if (change.default_payment_method !== undefined) patch.default_payment_method = change.default_payment_method;
  if (change.description !== undefined) patch.description = change.description;
  if (change.automatic_tax) {
    const { enabled } = change.automatic_tax;
    patch.automatic_tax = { disabled_reason: null, enabled, liability: enabled ? { type: "self" } : null };
  }
  if (change.payment_settings && before.payment_settings) {
    patch.payment_settings = { ...before.payment_settings, ...change.payment_settings };
  }
  if (change.trial_settings) {
    patch.trial_settings = { end_behavior: { billing_cycle_anchor: null, ...change.trial_settings.end_behavior } };
  }
  if (change.cancellation_details && before.cancellation_details) {
    patch.cancellation_details = { ...before.cancellation_details, ...change.cancellation_details };
  }
  if (change.discounts !== undefined) {
    patch.discounts = (change.discounts ?? []).map((order) =>
      order.discount && before.discounts.includes(order.discount)
        ? order.discount
        : redeem(box, order, { customer: before.customer, subscription: before.id }).id,
    );
  }
  return patch;
}

function cancellation(before: Subscription, change: SubscriptionChange, at: number): Partial<Subscription> {
  if (change.cancel_at !== undefined && change.cancel_at_period_end !== undefined) {
    throw invalid("You may only specify one of these parameters: cancel_at, cancel_at_period_end.", "cancel_at");
  }
  const asked = (cancelAt: number | null, atPeriodEnd: boolean): Partial<Subscription> => ({
    cancel_at: cancelAt,
    cancel_at_period_end: atPeriodEnd,
    canceled_at: cancelAt === null ? null : at,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      ...before.cancellation_details,
      ...change.cancellation_details,
      reason: cancelAt === null ? null : "cancellation_requested",
    },
  });
  if (change.cancel_at_period_end !== undefined) {
    return asked(change.cancel_at_period_end ? periodEnd(before) : null, change.cancel_at_period_end);
  }
  if (change.cancel_at === undefined) return {};
  if (change.cancel_at !== null && change.cancel_at <= at)
    throw invalid("cancel_at must be in the future.", "cancel_at");
  return asked(change.cancel_at, false);
}

interface Priced {
  old: SubscriptionItem;
  price: Price | null;
  quantity: number | undefined;
  metadata: Record<string, string>;
}

interface Plan {
  patch: Partial<Subscription>;
  prorations: { item: SubscriptionItem; proration: NonNullable<ReturnType<typeof prorate>> }[];
  /** Lines that a new billing cycle puts on an invoice at once. */
  lines: ImmediateLine[];
  newCycle: boolean;
}

function planItems(box: Box, before: Subscription, change: SubscriptionChange, at: number, when: number): Plan {
  const wanted = change.items ?? [];
  const endsTrial = before.status === "trialing" && change.trial_end === "now";
  const changes = new Map(wanted.filter((row) => row.id).map((row) => [row.id, row]));
  for (const [index, row] of wanted.entries()) {
    if (row.id && !before.items.data.some((item) => item.id === row.id)) {
      throw invalid(`No such subscription item: '${row.id}'`, `items[${index}][id]`, "resource_missing");
    }
    if (!row.id && !row.price)
      throw invalid("Missing required param: items[0][price].", `items[${index}][price]`, "parameter_missing");
    if (!row.id && before.items.data.some((item) => item.price.id === row.price)) {
      throw invalid(
        "A subscription can hold the same price only once; name the item by its id to change it.",
        `items[${index}][price]`,
      );
    }
  }
  const interval = (item: SubscriptionItem) =>
    `${item.price.recurring?.interval} ${item.price.recurring?.interval_count}`;
  const priced = before.items.data.map((item): Priced => {
    const row = changes.get(item.id);
    if (!row) return { old: item, price: item.price, quantity: item.quantity, metadata: item.metadata };
    if (row.deleted) return { old: item, price: null, quantity: 0, metadata: item.metadata };
    const price =
      row.price && row.price !== item.price.id ? recurringPrice(box, row.price, "items[0][price]") : item.price;
    if (price.currency !== before.currency)
      throw invalid("The price has another currency than the subscription.", "items[0][price]");
    return {
      old: item,
      price,
      quantity: row.quantity ?? item.quantity,
      metadata: mergeMetadata(item.metadata, row.metadata),
    };
  });
  const switchesInterval = priced.some(
    ({ old, price }) => price && interval(old) !== `${price.recurring?.interval} ${price.recurring?.interval_count}`,
  );
  const trialing = before.status === "trialing" && !endsTrial;
  const newCycle = !trialing && (endsTrial || change.billing_cycle_anchor === "now" || switchesInterval);
  const movedTrial = typeof change.trial_end === "number" ? change.trial_end : null;
  if (movedTrial !== null && movedTrial <= at) throw invalid("The trial end must be in the future.", "trial_end");
  const anchor = movedTrial ?? (newCycle ? at : before.billing_cycle_anchor);
  const items: SubscriptionItem[] = [];
  const plan: Plan = { patch: {}, prorations: [], lines: [], newCycle };
  const note = (item: SubscriptionItem, proration: ReturnType<typeof prorate>) => {
    if (proration && !trialing && !endsTrial) plan.prorations.push({ item, proration });
  };
  for (const { old, price, quantity, metadata } of priced) {
    const same = price?.id === old.price.id && quantity === old.quantity;
    const metered = price?.recurring?.usage_type === "metered";
    const renews = newCycle && price !== null && !(metered && same);
    if (!same || renews || movedTrial !== null) note(old, prorate(box, old, when, "unused"));
    if (!price) continue;
    const item = subscriptionItem(price, {
      id: old.id,
      subscription: before.id,
      created: old.created,
      metadata,
      quantity,
      current_period_start: renews || movedTrial !== null ? at : old.current_period_start,
      current_period_end: movedTrial ?? (renews ? nextBoundary(anchor, price.recurring!, at) : old.current_period_end),
    });
    items.push(item);
    if (renews) {
      if (!metered) plan.lines.push({ item, period: { start: at, end: item.current_period_end } });
    } else if (!same && movedTrial === null) note(item, prorate(box, item, when, "remaining"));
  }
  for (const row of wanted.filter((entry) => !entry.id)) {
    const price = recurringPrice(box, row.price ?? "", "items[0][price]");
    if (price.currency !== before.currency)
      throw invalid("The price has another currency than the subscription.", "items[0][price]");
    const item = subscriptionItem(price, {
      subscription: before.id,
      created: at,
      metadata: mergeMetadata({}, row.metadata),
      quantity: row.quantity,
      current_period_start: at,
      current_period_end: trialing && before.trial_end ? before.trial_end : nextBoundary(anchor, price.recurring, at),
    });
    items.push(item);
    // The time before it was added is no part of what it owes: its share is of a whole interval.
    const { start } = periodAround(anchor, price.recurring, at);
    if (newCycle) plan.lines.push({ item, period: { start: at, end: item.current_period_end } });
    else note(item, prorate(box, { ...item, current_period_start: start }, when, "remaining"));
  }
  if (items.length === 0) throw invalid("A subscription must have at least one active item.", "items");
  if (wanted.length > 0 || newCycle || movedTrial !== null) {
    plan.patch = {
      items: { ...before.items, data: items },
      billing_cycle_anchor: anchor,
      ...(endsTrial && { status: "active", trial_end: at }),
      ...(movedTrial !== null && { status: "trialing", trial_end: movedTrial, trial_start: before.trial_start ?? at }),
    };
  }
  return plan;
}
