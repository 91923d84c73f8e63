import { dollarWords, type Rounding } from "@charlie/contract";

/** Numbers, money and dates as people read them. Pages are in English for now; times are by the reader's clock. */
const locale = "en-US";

const whole = new Intl.NumberFormat(locale);
const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const dayTime = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

type Moment = Date | string | number;

/** 12345 → "12,345". */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** 12345 → "12.3K", where space is short. */
export function formatShort(value: number): string {
  return short.format(value);
}

/** A limit: `null` → "unlimited". */
export function formatLimit(limit: number | null): string {
  return limit === null ? "unlimited" : formatCount(limit);
}

/** Cents of a US dollar: 2900 → "$29", 2950 → "$29.50". */
export function formatCents(cents: number): string {
  const digits = cents % 100 === 0 ? 0 : 2;
  const money = {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  return new Intl.NumberFormat(locale, money).format(cents / 100);
}

/**
 * Millionths of a US dollar, as a number or as JSON carries them (digits in a string). Spent money is rounded down; say
 * `up` of what is needed, and `near` of prices and invoices.
 */
export const formatMicros = (micros: number | string, rounding: Rounding = "down"): string =>
  dollarWords(Number(micros), rounding);

/** "November 22, 2026": the UTC day, as periods begin and end by it and as mails and refusals say it. */
export function formatDate(moment: Moment): string {
  return day.format(new Date(moment));
}

const utcDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });

/** A UTC day "2026-11-22" → "Nov 22", the same everywhere. */
export function formatDay(date: string): string {
  return utcDay.format(new Date(`${date}T00:00:00Z`));
}

/** "Nov 22, 3:04 PM". */
export function formatDateTime(moment: Moment): string {
  return dayTime.format(new Date(moment));
}

/** "Nov 22, 3:04 – 3:20 PM"; within one minute as one moment. */
export function formatSpan(from: Moment, until: Moment): string {
  return dayTime.formatRange(new Date(from), new Date(until));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * "in 5 hours", "yesterday", "just now" (below a minute), seen from `now`. Rounded away from now: nobody comes too early
 * for something, and nothing is made older than it is.
 */
export function formatAgo(moment: Moment, now: Moment = Date.now()): string {
  const seconds = (new Date(moment).getTime() - new Date(now).getTime()) / 1000;
  const step = steps.find(([, length]) => Math.abs(seconds) >= length);
  if (!step) return seconds > 0 ? "in a moment" : "just now";
  const count = seconds / step[1];
  return relative.format(count > 0 ? Math.ceil(count) : Math.trunc(count), step[0]);
}

/** 1 → "1 agent", 3 → "3 agents". */
export function formatUnits(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}
