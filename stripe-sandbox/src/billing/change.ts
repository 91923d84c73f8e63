// Changing a running subscription: items, cancellation, trial, discounts.
import type { Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { mergeMetadata } from "../http/params.ts";
import { need } from "../resources/find.ts";
import type { Subscription } from "../types.ts";
import { accrued } from "./accrued.ts";
import { redeem, type DiscountOrder } from "./discounts.ts";
import { planItems } from "./change-items.ts";
import { pendProration } from "./proration.ts";
import { draftNow, settleNow } from "./renew.ts";

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
  const set = settings(box, before, change);
  const plan = planItems(box, before, change, { at, when, discounts: set.discounts ?? before.discounts });
  const after: Subscription = {
    ...before,
    ...set,
    ...cancellation(before, change, at),
    ...plan.patch,
    metadata: mergeMetadata(before.metadata, change.metadata),
  };
  const behavior = change.proration_behavior ?? "create_prorations";
  if (behavior !== "none") {
    for (const { item, proration } of plan.prorations) pendProration(box, after, item, proration, at);
  }
  const usage = plan.used.flatMap((item) => {
    const sum = accrued(box, item, before.customer, at);
    return sum ? [pendProration(box, after, item, sum, at)] : [];
  });
  const pends = plan.prorations.length + usage.length > 0;
  const wantsInvoice = plan.newCycle || (behavior === "always_invoice" && pends);
  const draft = wantsInvoice ? draftNow(box, after, plan.lines, at) : undefined;
  box.update("customer.subscription.updated", before, { ...after, ...(draft && { latest_invoice: draft.id }) });
  box.inOrder(["customer.subscription.updated", "invoiceitem.created", "invoice.created"]);
  if (draft) settleNow(box, draft, at, change.payment_behavior ?? "allow_incomplete");
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
