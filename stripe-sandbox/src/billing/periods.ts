// Billing periods. All in UTC seconds: https://docs.stripe.com/billing/subscriptions/billing-cycle
import type { Price } from "../types.ts";

export const HOUR = 3600;
export const DAY = 86_400;

type Recurring = NonNullable<Price["recurring"]>;

/** `anchor` moved by `count` intervals. A month without the anchor's day ends it on its last one (31 Jan → 28 Feb → 31 Mar). */
export function addIntervals(anchor: number, interval: string, count: number): number {
  if (interval === "day") return anchor + count * DAY;
  if (interval === "week") return anchor + count * 7 * DAY;
  const from = new Date(anchor * 1000);
  const months = interval === "year" ? count * 12 : count;
  const day = from.getUTCDate();
  const target = new Date(from);
  target.setUTCDate(1);
  target.setUTCMonth(from.getUTCMonth() + months);
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(day, last));
  return target.getTime() / 1000;
}

/** The period that holds `at`: boundaries lie a whole number of intervals from the anchor (which may be in the future). */
export function periodAround(anchor: number, recurring: Recurring, at: number): { start: number; end: number } {
  const boundary = (count: number) => addIntervals(anchor, recurring.interval, count * recurring.interval_count);
  let count = 0;
  while (boundary(count) > at) count -= 1;
  while (boundary(count + 1) <= at) count += 1;
  return { start: boundary(count), end: boundary(count + 1) };
}

/** The first boundary after `at`. */
export function nextBoundary(anchor: number, recurring: Recurring, at: number): number {
  return periodAround(anchor, recurring, at).end;
}

/** `22 Nov 2026`, as invoice lines say it. */
export function dateText(at: number): string {
  return new Date(at * 1000).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}
