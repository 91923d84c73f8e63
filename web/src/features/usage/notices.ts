import type { UsageLimits } from "@charlie/contract";
import { formatCount, formatDate, formatMicros } from "../../ui/format.ts";

/** Something that is nearly, or quite, used up. */
export interface Notice {
  /** The same for as long as it is the same thing: a dismissed one stays away until then. */
  key: string;
  words: string;
  full: boolean;
}

/** The share from which on somebody is told; the mails go by the same. */
const most = 0.8;

/** What the pages tell of limits that are near: the day's messages, and the cap on what AI may cost. */
export function noticesOf({ plan, messagesPerDay, aiSpend }: UsageLimits): Notice[] {
  const notices: Notice[] = [];
  const { used, limit, resetsAt } = messagesPerDay;
  if (limit !== null && used >= Math.ceil(limit * most)) {
    const full = used >= limit;
    notices.push({
      key: `messages ${plan} ${resetsAt} ${full ? 100 : 80}`,
      full,
      words: full
        ? `All ${formatCount(limit)} messages of today are used. The count starts again at midnight UTC.`
        : `${formatCount(used)} of today’s ${formatCount(limit)} messages are used.`,
    });
  }
  if (aiSpend !== null && (aiSpend.full || aiSpend.used >= aiSpend.limit * most)) {
    const spent = `${formatMicros(aiSpend.used)} of the ${formatMicros(aiSpend.limit)} ${plan === "free" ? "of free AI" : "that you let AI cost"}`;
    const until = formatDate(aiSpend.resetsAt);
    notices.push({
      key: `ai ${aiSpend.limit} ${aiSpend.resetsAt} ${aiSpend.full ? 100 : 80}`,
      full: aiSpend.full,
      words: aiSpend.full
        ? `${spent} are used, and the next answer could cost more than is left until ${until}.`
        : `${spent} until ${until} are used.`,
    });
  }
  return notices;
}

/** How many dismissals a browser remembers: far more than can be of use at once. */
const remembered = 40;

const isText = (value: unknown): value is string => typeof value === "string";

/** What was dismissed, out of its stored form; anything else is nothing. */
export function readDismissed(stored: string | null): string[] {
  try {
    const value: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(value) ? value.filter(isText) : [];
  } catch {
    return [];
  }
}

export const withDismissed = (dismissed: string[], key: string): string[] => [...dismissed, key].slice(-remembered);
