import { usageBreakdowns, type UsageBreakdown } from "@charlie/contract";
import { chartMetrics, type ChartMetric } from "./used.ts";

/** How many days can be looked at. */
export const spans = [7, 30, 90] as const;
export type Span = (typeof spans)[number];

/** What the history shows, as its address has it; what is not there is as usual. */
export interface UsageSearch {
  show?: Exclude<ChartMetric["id"], "messages">;
  by?: Exclude<UsageBreakdown, "day">;
  days?: Exclude<Span, 30>;
}

/** What the history shows. */
export interface Shown {
  show: ChartMetric["id"];
  by: UsageBreakdown;
  days: Span;
}

/** Reads what stands in the address; what makes no sense there counts for nothing. */
export function readShown(search: Record<string, unknown>): Shown {
  return {
    show: chartMetrics.find(({ id }) => id === search["show"])?.id ?? "messages",
    by: usageBreakdowns.find((by) => by === search["by"]) ?? "day",
    days: spans.find((days) => days === Number(search["days"])) ?? 30,
  };
}

/** What stands in the address: only what is not as usual. */
export const searchOf = ({ show, by, days }: Shown): UsageSearch => ({
  ...(show !== "messages" && { show }),
  ...(by !== "day" && { by }),
  ...(days !== 30 && { days }),
});
