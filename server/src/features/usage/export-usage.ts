import type { Payer, UsagePart } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { csvOf } from "./csv.ts";
import { daysUpTo, usedParts } from "./used-parts.ts";

/** Micro-dollars as dollars, every digit: 420 → "0.000420". */
const dollars = (micros: number): string =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;

const payers: Record<Payer, string> = {
  own_key: "your own key",
  operator: "this service",
  nobody: "nobody",
};

const header = [
  "day (UTC)",
  "agent",
  "agent id",
  "agent is",
  "provider",
  "model",
  "paid by",
  "messages",
  "tokens in",
  "tokens out",
  "tokens cached",
  "cost in US dollars",
  "about this much at your own provider in US dollars",
  "of the cost charged to you in US dollars",
];

const rowOf = ({ day, agent, brain, payer, ...numbers }: UsagePart): (string | number)[] => [
  day ?? "",
  agent?.name ?? "",
  agent?.id ?? "",
  agent?.state ?? "",
  brain?.provider ?? "",
  brain?.model ?? "",
  payers[payer],
  numbers.messages,
  numbers.tokensIn,
  numbers.tokensOut,
  numbers.tokensCached,
  dollars(numbers.costMicros),
  dollars(numbers.ownKeyMicros),
  dollars(numbers.passedOnMicros),
];

/** A table as a file to keep. */
export interface ExportedTable {
  name: string;
  text: string;
}

/**
 * What was used on so many UTC days up to `now`'s, as CSV: a row for each day, agent, model and payer, newest day first.
 * What answers that still run use up is not in it; what failed ones cost is, and is not charged. Agents that were deleted
 * keep their name.
 */
export async function exportUsage(
  ctx: Ctx,
  { days: count }: { days: number },
  now = new Date(),
): Promise<ExportedTable> {
  needRole(ctx, "viewer");
  const days = daysUpTo(now, count);
  const [first, last] = [days[0]!, days.at(-1)!];
  const parts = await ctx.transaction((tx) =>
    usedParts(tx, ctx.workspaceId, { first, last }, ["day", "agent", "model"]),
  );
  return { name: `charlie-usage-${first}-to-${last}.csv`, text: csvOf([header, ...parts.map(rowOf)]) };
}
