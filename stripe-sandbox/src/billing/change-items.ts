// What a change of items, trial or cycle makes of a subscription, and what it costs.
import type { Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { mergeMetadata } from "../http/params.ts";
import type { Price, Subscription, SubscriptionItem } from "../types.ts";
import type { ItemChange, SubscriptionChange } from "./change.ts";
import { activeDiscounts } from "./discounts.ts";
import { isMetered } from "./lines.ts";
import { nextBoundary, periodAround } from "./periods.ts";
import { chargeRemaining, creditUnused, fullAmounts, type PendingProration } from "./proration.ts";
import type { ImmediateLine } from "./renew.ts";
import { recurringPrice, subscriptionItem } from "./subscription-item.ts";

export interface ItemPlan {
  patch: Partial<Subscription>;
  prorations: { item: SubscriptionItem; proration: PendingProration }[];
  /** Metered items that are taken away or replaced: what they counted so far is billed. */
  used: SubscriptionItem[];
  /** What a new billing cycle bills at once. */
  lines: ImmediateLine[];
  newCycle: boolean;
}

/** An item as it is to be: null as price takes it away. */
interface Wanted {
  old: SubscriptionItem | null;
  price: Price | null;
  quantity: number | undefined;
  metadata: Record<string, string>;
}

const rhythm = (price: Price) => `${price.recurring?.interval} ${price.recurring?.interval_count}`;

/**
 * Works out a change; `when` is the moment that prorations are counted from, `discounts` are those that the subscription
 * will have. Throws the 400 for what can't be.
 */
export function planItems(
  box: Box,
  before: Subscription,
  change: SubscriptionChange,
  { at, when, discounts }: { at: number; when: number; discounts: string[] },
): ItemPlan {
  const wanted = wantedItems(box, before, change.items ?? []);
  const movedTrial = typeof change.trial_end === "number" ? change.trial_end : null;
  if (movedTrial !== null && movedTrial <= at) throw invalid("The trial end must be in the future.", "trial_end");
  const endsTrial = before.status === "trialing" && change.trial_end === "now";
  const inTrial = before.status === "trialing" && !endsTrial;
  const newRhythm = wanted.some(({ old, price }) => old && price && rhythm(old.price) !== rhythm(price));
  const newCycle = !inTrial && movedTrial === null && (endsTrial || newRhythm || change.billing_cycle_anchor === "now");
  const anchor = movedTrial ?? (newCycle ? at : before.billing_cycle_anchor);
  const plan: ItemPlan = { patch: {}, prorations: [], used: [], lines: [], newCycle };
  const items: SubscriptionItem[] = [];
  const charges: { item: SubscriptionItem; whole: SubscriptionItem; place: number }[] = [];
  const note = (item: SubscriptionItem, proration: PendingProration | undefined) => {
    if (proration && before.status !== "trialing") plan.prorations.push({ item, proration });
  };
  for (const { old, price, quantity, metadata } of wanted) {
    const same = old !== null && price?.id === old.price.id && quantity === old.quantity;
    // Usage that is being counted is billed at its own period's end, whatever the other items do.
    const keepsPeriod = same && isMetered(old.price);
    const restarts = newCycle && price !== null && !keepsPeriod;
    if (old && (!same || restarts || movedTrial !== null)) note(old, creditUnused(box, old, when));
    if (old && isMetered(old.price) && price?.id !== old.price.id && !inTrial) plan.used.push(old);
    if (!price?.recurring) continue;
    const period = periodOf(before, price, old, { at, anchor, restarts, movedTrial, inTrial });
    const item = subscriptionItem(price, {
      ...(old && { id: old.id }),
      subscription: before.id,
      created: old?.created ?? at,
      metadata,
      quantity,
      current_period_start: period.start,
      current_period_end: period.end,
    });
    items.push(item);
    if (restarts && !isMetered(price)) plan.lines.push({ item, period });
    if (restarts || same || movedTrial !== null) continue;
    // The share is of a whole interval, also for an item that joins in the middle of one.
    const whole = old ? item : { ...item, current_period_start: periodAround(anchor, price.recurring, at).start };
    charges.push({ item, whole, place: plan.prorations.length });
  }
  const full = fullAmounts(box, before, items, activeDiscounts(box, discounts, at));
  // From the end, so that each stands behind its own credit.
  for (const { item, whole, place } of charges.toReversed()) {
    const proration = chargeRemaining(box, whole, when, full.get(item.id) ?? 0);
    if (proration && before.status !== "trialing") plan.prorations.splice(place, 0, { item, proration });
  }
  if (items.length === 0) throw invalid("A subscription must have at least one active item.", "items");
  if (!change.items && !newCycle && movedTrial === null) return plan;
  plan.patch = {
    items: { ...before.items, data: items },
    billing_cycle_anchor: anchor,
    ...(endsTrial && { status: "active", trial_end: at }),
    ...(movedTrial !== null && {
      status: "trialing",
      trial_end: movedTrial,
      trial_start: before.trial_start ?? at,
    }),
  };
  return plan;
}

function periodOf(
  before: Subscription,
  price: Price,
  old: SubscriptionItem | null,
  how: { at: number; anchor: number; restarts: boolean; movedTrial: number | null; inTrial: boolean },
): { start: number; end: number } {
  if (how.movedTrial !== null) return { start: how.at, end: how.movedTrial };
  if (old && !how.restarts) return { start: old.current_period_start, end: old.current_period_end };
  if (how.inTrial && before.trial_end !== null) return { start: how.at, end: before.trial_end };
  return { start: how.at, end: price.recurring ? nextBoundary(how.anchor, price.recurring, how.at) : how.at };
}

function wantedItems(box: Box, before: Subscription, changes: ItemChange[]): Wanted[] {
  const byId = new Map<string, ItemChange>();
  const added: Wanted[] = [];
  for (const [index, row] of changes.entries()) {
    const path = `items[${index}]`;
    const price = row.price === undefined ? undefined : recurringPrice(box, row.price, `${path}[price]`);
    if (price && price.currency !== before.currency) {
      throw invalid("The price has another currency than the subscription.", `${path}[price]`);
    }
    if (row.id) {
      if (!before.items.data.some((item) => item.id === row.id)) {
        throw invalid(`No such subscription item: '${row.id}'`, `${path}[id]`, "resource_missing");
      }
      byId.set(row.id, row);
      continue;
    }
    if (!price) throw invalid(`Missing required param: ${path}[price].`, `${path}[price]`, "parameter_missing");
    if (before.items.data.some((item) => item.price.id === price.id)) {
      throw invalid(
        "Cannot add multiple subscription items with the same price; name the item by its id to change it.",
        `${path}[price]`,
      );
    }
    added.push({ old: null, price, quantity: row.quantity, metadata: mergeMetadata({}, row.metadata) });
  }
  const kept = before.items.data.map((old): Wanted => {
    const row = byId.get(old.id);
    const price = row?.price ? recurringPrice(box, row.price, "items[0][price]") : old.price;
    return {
      old,
      price: row?.deleted ? null : price,
      quantity: isMetered(price) ? undefined : (row?.quantity ?? old.quantity ?? 1),
      metadata: mergeMetadata(old.metadata, row?.metadata),
    };
  });
  return [...kept, ...added];
}
