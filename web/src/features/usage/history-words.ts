import type { MetricType, UsageHistory } from "@charlie/contract";
import { formatMicros, formatShort, formatUnits } from "../../ui/format.ts";

/** What the chart can show: a metric, how its values read, and what it means. */
export interface ChartMetric {
  metric: MetricType;
  label: string;
  /** Said of an empty chart. */
  none: string;
  /** One value, whole: "14 messages". */
  say: (value: number) => string;
  /** One value where space is short: "1.2K". */
  short: (value: number) => string;
  about: string;
}

/** English text has about three words to four tokens. */
const wordsOf = (tokens: number) => Math.round(tokens * 0.75);

export const chartMetrics: readonly ChartMetric[] = [
  {
    metric: "messages",
    label: "Messages",
    none: "Nobody has asked anything in the last 30 days.",
    say: (value) => formatUnits(value, "message"),
    short: formatShort,
    about: "One message is one question with its answer. Answers that failed are not counted.",
  },
  {
    metric: "tokens",
    label: "Words",
    none: "Nothing was read or written in the last 30 days.",
    say: (value) => `about ${formatUnits(wordsOf(value), "word")} (${formatUnits(value, "token")})`,
    short: (value) => formatShort(wordsOf(value)),
    about:
      "How much his brain read and wrote. AI providers count in tokens, which are pieces of words; four of them make about three words.",
  },
  {
    metric: "ai_cost_micros",
    label: "AI cost",
    none: "AI has cost nothing here in the last 30 days.",
    say: formatMicros,
    short: formatMicros,
    about:
      "What the AI provider charged for answers through this service, passed on without a markup. With your own key, or with the practice brain, it is nothing here.",
  },
];

const dayFormat = new Intl.DateTimeFormat("en-US", { day: "numeric", month: "short", timeZone: "UTC" });

/** A UTC day "2026-11-22" → "Nov 22", the same everywhere. */
export const dayWords = (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`));

export interface Summary {
  total: number;
  /** The day with the most; `null` where all are nothing. */
  most: { day: string; value: number } | null;
  /** A round number at or above every value: the top of the chart. Never 0. */
  top: number;
}

/** 7 → 8, 23 → 25, 340 → 400: a top that reads well, and not much higher than need be. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * size >= value) ?? 10;
  return Math.max(1, Math.round(step * size));
}

/** What a chart of these days needs to know. */
export function summaryOf({ days }: Pick<UsageHistory, "days">): Summary {
  const total = days.reduce((sum, { value }) => sum + value, 0);
  const most = days.reduce<Summary["most"]>((best, entry) => (entry.value > (best?.value ?? 0) ? entry : best), null);
  return { total, most, top: roundUp(most?.value ?? 0) };
}

/** The chart in one sentence, for those who don't see it. */
export function chartWords({ label, none, say }: ChartMetric, { total, most }: Summary): string {
  if (!most) return none;
  return `${label} of the last 30 days: ${say(total)} in all, most on ${dayWords(most.day)} with ${say(most.value)}.`;
}
