import type { Payer, UsagePart } from "@charlie/contract";
import { formatCount, formatDay, formatMicros, formatShort, formatUnits } from "../../ui/format.ts";

/** Who paid; of what the operator paid, `operator` is charged to the workspace, and `given` is not. */
export type Share = Payer | "given";

/** What the charts can show: how much an answer's share of it is, how it reads, and what it means. */
export interface ChartMetric {
  id: "messages" | "words" | "cost";
  label: string;
  of: (part: UsagePart) => Partial<Record<Share, number>>;
  /** The shares in words, in the order in which bars are built up. */
  shares: readonly ShareWords[];
  /** Said of an empty chart. */
  none: string;
  /** One value, whole: "14 messages". */
  say: (value: number) => string;
  /** One value among others that name the unit. */
  brief: (value: number) => string;
  /** One value where space is short: "1.2K". */
  short: (value: number) => string;
  about: string;
}

interface ShareWords {
  share: Share;
  label: string;
  /** Only where money is shown: nobody pays by message. */
  pays?: string;
}

/** Whose key answered, where nothing is said of money. */
export const answeredBy: readonly ShareWords[] = [
  { share: "operator", label: "Through this service" },
  { share: "own_key", label: "With your own key" },
  { share: "nobody", label: "Practice brain" },
];

const paidShares: readonly ShareWords[] = [
  { share: "operator", label: "Charged to you", pays: "at cost" },
  { share: "given", label: "Not charged", pays: "free AI and failed answers" },
  { share: "own_key", label: "With your own key", pays: "your provider charges you" },
];

/** English text has about three words to four tokens. */
export const wordsOf = (tokens: number): number => Math.round(tokens * 0.75);

export const chartMetrics: readonly [ChartMetric, ...ChartMetric[]] = [
  {
    id: "messages",
    label: "Messages",
    of: ({ payer, messages }) => ({ [payer]: messages }),
    shares: answeredBy,
    none: "Nobody has asked anything in these days.",
    say: (value) => formatUnits(value, "message"),
    brief: formatCount,
    short: formatShort,
    about: "One message is one question with its answer. Answers that failed are not counted.",
  },
  {
    id: "words",
    label: "Words",
    of: ({ payer, tokensIn, tokensOut }) => ({ [payer]: tokensIn + tokensOut }),
    shares: answeredBy,
    none: "Nothing was read or written in these days.",
    say: (value) => `about ${formatUnits(wordsOf(value), "word")} (${formatUnits(value, "token")})`,
    brief: (value) => formatCount(wordsOf(value)),
    short: (value) => formatShort(wordsOf(value)),
    about:
      "How much his brain read and wrote. AI providers count in tokens, which are pieces of words; four of them make about three words.",
  },
  {
    id: "cost",
    label: "AI cost",
    of: ({ costMicros, passedOnMicros, ownKeyMicros }) => ({
      operator: passedOnMicros,
      given: costMicros - passedOnMicros,
      own_key: ownKeyMicros,
    }),
    shares: paidShares,
    none: "AI has cost nothing in these days.",
    say: (value) => formatMicros(value),
    brief: (value) => formatMicros(value),
    short: (value) => formatMicros(value),
    about:
      "What you are charged is what the AI provider charged, passed on without a markup. With your own key you pay your provider; what we tell of it is a good guess, as far as we know its prices.",
  },
];

/** One bar of a chart: a day, an agent or a brain, told apart by who pays. */
export interface Bar {
  key: string;
  label: string;
  total: number;
  split: { share: Share; value: number }[];
  /** The first of the parts that it is made of; none where nothing was used. */
  part?: UsagePart;
}

function barOf(key: string, label: string, parts: readonly UsagePart[], { of, shares }: ChartMetric): Bar {
  const split = shares.flatMap(({ share }) => {
    const value = parts.reduce((sum, part) => sum + (of(part)[share] ?? 0), 0);
    return value > 0 ? [{ share, value }] : [];
  });
  const total = split.reduce((sum, { value }) => sum + value, 0);
  return { key, label, total, split, ...(parts[0] && { part: parts[0] }) };
}

/** A bar for each of these UTC days, also for those without use. */
export const dayBars = (days: readonly string[], parts: readonly UsagePart[], metric: ChartMetric): Bar[] =>
  days.map((day) =>
    barOf(
      day,
      formatDay(day),
      parts.filter((part) => part.day === day),
      metric,
    ),
  );

/** What a part is called that is not a day. */
export const nameOf = ({ agent, brain }: UsagePart): string =>
  agent?.name ?? (brain?.provider === "offline" ? "Practice brain" : (brain?.model ?? ""));

const keyOf = ({ agent, brain }: UsagePart): string => agent?.id ?? `${brain?.provider} ${brain?.model}`;

/** A bar for each agent or brain that used any of it, the longest first. */
export function namedBars(parts: readonly UsagePart[], metric: ChartMetric): Bar[] {
  return [...Map.groupBy(parts, keyOf)]
    .map(([key, own]) => barOf(key, nameOf(own[0]!), own, metric))
    .filter(({ total }) => total > 0)
    .toSorted((a, b) => b.total - a.total);
}

/** Each share of all these bars, with the words for it. */
export const sharesOf = ({ shares }: ChartMetric, bars: readonly Bar[]): (Bar["split"][number] & ShareWords)[] =>
  shares.flatMap((words) => {
    const value = bars
      .flatMap(({ split }) => split)
      .reduce((sum, piece) => sum + (piece.share === words.share ? piece.value : 0), 0);
    return value > 0 ? [{ ...words, value }] : [];
  });

/** A value as it reads with who paid for it: what a provider charges elsewhere is a guess. */
export const sayPaid = ({ id, say }: ChartMetric, { share, value }: Bar["split"][number]): string =>
  id === "cost" && share === "own_key" ? `about ${say(value)}` : say(value);

/** One bar in words: "14 messages (10 through this service, 4 with your own key)", "$0.20, not charged". */
export function sayBar(metric: ChartMetric, { total, split }: Pick<Bar, "total" | "split">): string {
  const [only] = split;
  if (split.length <= 1) {
    return only ? `${sayPaid(metric, only)}${only.share === "given" ? ", not charged" : ""}` : metric.say(0);
  }
  const guessed = metric.id === "cost" && split.some(({ share }) => share === "own_key") ? "about " : "";
  const pieces = split.map((piece) => {
    const label = metric.shares.find(({ share }) => share === piece.share)?.label ?? "";
    const value = sayPaid({ ...metric, say: metric.brief }, piece);
    return `${value} ${label.charAt(0).toLowerCase()}${label.slice(1)}`;
  });
  // Brackets in brackets read badly, so tokens are left to where there is one piece only.
  const whole = metric.id === "words" ? `about ${formatUnits(wordsOf(total), "word")}` : metric.say(total);
  return `${guessed}${whole} (${pieces.join(", ")})`;
}

/**
 * Which days a chart shows: all that were asked for, or those since the first answer where that is not as long ago; a week
 * at least, so that one day does not stand as wide as the page.
 */
export function shownDays(days: readonly string[], firstDay: string | null): string[] {
  const first = firstDay === null ? -1 : days.findIndex((day) => day >= firstDay);
  const counted = first === -1 ? days.length : days.length - first;
  return days.slice(-Math.max(7, counted));
}

/** 7 → 8, 23 → 25, 340 → 400: a top that reads well, and not much higher than need be. Never 0. */
export function topOf(bars: readonly Pick<Bar, "total">[]): number {
  const most = Math.max(0, ...bars.map(({ total }) => total));
  if (most <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(most));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * size >= most) ?? 10;
  return Math.max(1, Math.round(step * size));
}

/** A chart of days in one sentence. */
export function chartWords(metric: ChartMetric, bars: readonly Bar[]): string {
  const most = bars.reduce<Bar | null>((best, bar) => (bar.total > (best?.total ?? 0) ? bar : best), null);
  if (!most) return metric.none;
  const total = bars.reduce((sum, bar) => sum + bar.total, 0);
  const say = ({ total: value, split }: Pick<Bar, "total" | "split">) =>
    metric.id === "cost" && split.some(({ share }) => share === "own_key")
      ? `about ${metric.say(value)}`
      : metric.say(value);
  const words =
    bars.length > 1 && most.total < total
      ? `${say({ total, split: sharesOf(metric, bars) })} in all, most on ${most.label} with ${say(most)}.`
      : `${say(most)} in all, on ${most.label}.`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
