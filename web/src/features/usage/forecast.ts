import type { AiSpend, UsageHistory } from "@charlie/contract";
import { formatDate } from "../../ui/format.ts";

/** What a limit's future is guessed from. */
export interface Course {
  /** In whatever the limit counts. */
  used: number;
  limit: number;
  /** So much was used from `since` on: the pace. */
  lately: number;
  since: Date;
  now: Date;
  /** When the count starts anew. */
  until: Date;
  /** Below this much use, or this many ms, nothing can be told. */
  least: { lately: number; ms: number };
}

/** `met` already; `unclear` where there is too little to tell; `lasts` until the count starts anew; or `meets` the limit. */
export type Forecast = { kind: "met" } | { kind: "unclear" } | { kind: "lasts" } | { kind: "meets"; at: Date };

/** When a limit is met if everything goes on as it did. Never in the past; sooner, never later, the more is used. */
export function forecast({ used, limit, lately, since, now, until, least }: Course): Forecast {
  if (used >= limit) return { kind: "met" };
  const ms = now.getTime() - since.getTime();
  if (ms < least.ms || lately < least.lately || ms <= 0 || lately <= 0) return { kind: "unclear" };
  const at = now.getTime() + ((limit - used) * ms) / lately;
  return at >= until.getTime() ? { kind: "lasts" } : { kind: "meets", at: new Date(at) };
}

const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/** Six questions within a minute after midnight tell nothing about the day. */
export const leastOfDay = { lately: 5, ms: 30 * minuteMs };
/** Half a day of a shop's hours tells nothing about its month. */
const leastOfPeriod = { lately: 1, ms: dayMs };

/**
 * The pace of spending on the operator's key: of the last days of a history by day, as far back as there were answers.
 * What an own key costs is not under the cap.
 */
export function paceOf(
  { days, firstDay, parts }: Pick<UsageHistory, "days" | "firstDay" | "parts">,
  count: number,
): Pick<Course, "lately" | "since"> | null {
  const first = days.slice(-count).find(({ day }) => firstDay !== null && day >= firstDay)?.day;
  if (first === undefined) return null;
  const lately = parts.reduce((sum, { day, costMicros }) => sum + (day !== null && day >= first ? costMicros : 0), 0);
  return { lately, since: new Date(`${first}T00:00:00Z`) };
}

/** Of the cap on AI cost: it is met before it is used up, when the next answer could cost more than is left. */
export const forecastOfCap = (
  { used, limit, full }: Pick<AiSpend, "used" | "limit" | "full">,
  course: Omit<Course, "used" | "limit" | "least">,
): Forecast => (full ? { kind: "met" } : forecast({ used, limit, ...course, least: leastOfPeriod }));

const hour = (at: Date, zone: string | undefined): string => {
  const words = new Intl.DateTimeFormat("en-US", { hour: "numeric", timeZone: zone }).format(at);
  return words === "12 AM" ? "midnight" : words === "12 PM" ? "noon" : words;
};

const dayIn = (at: Date, zone: string | undefined): string =>
  new Intl.DateTimeFormat("en-US", { dateStyle: "short", timeZone: zone }).format(at);

/** "in about 20 minutes", "at about 4 PM", "tomorrow at about 3 AM", as the reader's clock has it. Never sooner than now. */
function hourWords(at: Date, now: Date, zone: string | undefined): string {
  const minutes = (at.getTime() - now.getTime()) / minuteMs;
  if (minutes < 90) return `in about ${Math.max(5, Math.round(minutes / 5) * 5)} minutes`;
  const rounded = new Date(Math.round(at.getTime() / (60 * minuteMs)) * 60 * minuteMs);
  // The midnight that ends today is today's.
  const isToday = dayIn(new Date(rounded.getTime() - 1), zone) === dayIn(now, zone);
  return `${isToday ? "" : "tomorrow "}at about ${hour(rounded, zone)}`;
}

/** What becomes of today's messages, in a sentence; `null` where the page says already that they are used up. */
export function messagesWords(told: Forecast, now: Date, zone?: string): string | null {
  if (told.kind === "met") return null;
  if (told.kind === "unclear") return "Too little was asked today to tell how long they will last.";
  if (told.kind === "lasts") return "At this pace they last until the count starts again.";
  return `At this pace today’s messages are used up ${hourWords(told.at, now, zone)}.`;
}

/** What becomes of the cap on AI cost, in a sentence; `null` where it is met. */
export function capWords(told: Forecast, { now, until }: Pick<Course, "now" | "until">): string | null {
  if (told.kind === "met") return null;
  if (told.kind === "unclear") return "Too little was spent so far to tell whether the cap will be met.";
  if (told.kind === "lasts") return `At this pace the cap is not met before ${formatDate(until)}.`;
  const day = formatDate(told.at);
  if (day === formatDate(now)) return "At this pace the cap is met today.";
  return `At this pace the cap is met around ${day}.`;
}
