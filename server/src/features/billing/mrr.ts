import { randomUUIDv7 } from "node:crypto";
import type { BillingInterval, RevenueKind, Subscription } from "@charlie/contract";
import type { Tx } from "../../db/client.ts";
import { revenueChanges } from "../../db/schema/billing.ts";
import type { FetchedSubscription } from "./fetch-subscriptions.ts";
import type { KnownSubscription } from "./running-plan.ts";

/** What counts: plans that are paid for, or whose payment Stripe still tries to get. A trial counts once it is paid. */
const counts = (status: Subscription["status"]): boolean => status === "active" || status === "past_due";

/** A renewal's cents as micro-dollars per month; a year is twelve of them. */
export const monthlyMicros = (cents: number, interval: BillingInterval): number =>
  Math.round((cents * 10_000) / (interval === "year" ? 12 : 1));

/**
 * What a subscription adds to the monthly recurring revenue, in micro-dollars: its next renewal, discounts taken off,
 * before tax. One that is cancelled but still runs has no renewal any more; it goes on counting what it did, until it ends.
 */
export function mrrMicros(
  {
    id,
    status,
    priceId,
    interval,
    stripe,
  }: Pick<FetchedSubscription, "id" | "status" | "priceId" | "interval" | "stripe">,
  renewalCents: number | null,
  known: KnownSubscription | null,
): number {
  if (!counts(status)) return 0;
  if (renewalCents !== null) return monthlyMicros(Math.max(0, renewalCents), interval);
  if (known?.stripeSubscriptionId === id && known.priceId === priceId && counts(known.status)) return known.mrrMicros;
  const listed = stripe.items.reduce((sum, { price, quantity }) => sum + (price.unitCents ?? 0) * quantity, 0);
  return monthlyMicros(listed, interval);
}

type Standing = Pick<KnownSubscription, "stripeSubscriptionId" | "status" | "mrrMicros">;

interface Move {
  kind: RevenueKind;
  amountMicros: number;
}

/**
 * How the monthly recurring revenue moved between two looks at a workspace's subscription. What is new and expanded less
 * what is contracted and churned is exactly the difference; `failed` and `recovered` move nothing.
 */
export function movesBetween(before: Standing | null, after: Standing): Move[] {
  const [from, to] = [before?.mrrMicros ?? 0, after.mrrMicros];
  const moves: Move[] = [];
  if (to > from) moves.push({ kind: from === 0 ? "new" : "expansion", amountMicros: to - from });
  if (to < from) moves.push({ kind: to === 0 ? "churn" : "contraction", amountMicros: from - to });
  const same = before?.stripeSubscriptionId === after.stripeSubscriptionId;
  const wasDue = same && before?.status === "past_due";
  if (to > 0 && after.status === "past_due" && !wasDue) moves.push({ kind: "failed", amountMicros: to });
  if (to > 0 && after.status === "active" && wasDue) moves.push({ kind: "recovered", amountMicros: to });
  return moves;
}

/** Writes down how revenue moved, in the transaction that moves it. `at` is Stripe's time. */
export async function recordMoves(
  tx: Tx,
  workspaceId: string,
  { before, after, at }: { before: Standing | null; after: Standing; at: Date },
): Promise<void> {
  const moves = movesBetween(before, after).map((move) => ({ id: randomUUIDv7(), workspaceId, at, ...move }));
  if (moves.length > 0) await tx.insert(revenueChanges).values(moves);
}
