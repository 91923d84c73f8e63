import type { MetricType, UsageBreakdown, UsageHistory } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { daysUpTo, firstDayOf, usedParts } from "./used-parts.ts";

/**
 * Where each metric's days come from: messages from their day counters, tokens and cost from the ledger as it is added up
 * by day, agents from their own rows (deleted ones were created too). Each yields (day, value) of the days from $2 on.
 */
const sources: Record<MetricType, string> = {
  messages: `select (period_start at time zone 'UTC')::date as day, value from usage_metrics
    where workspace_id = $1 and metric_type = 'messages' and period_start >= $2`,
  tokens: `select day, tokens_in + tokens_out as value from usage_daily
    where workspace_id = $1 and day >= ($2::timestamptz at time zone 'UTC')::date`,
  ai_cost_micros: `select day, cost_micros as value from usage_daily
    where workspace_id = $1 and day >= ($2::timestamptz at time zone 'UTC')::date`,
  own_key_micros: `select day, own_key_micros as value from usage_daily
    where workspace_id = $1 and day >= ($2::timestamptz at time zone 'UTC')::date`,
  agents_created: `select (created_at at time zone 'UTC')::date as day, 1 as value from agents
    where workspace_id = $1 and created_at >= $2`,
};

/**
 * One metric by UTC day, oldest first, ending with `now`'s day; days without use are zero. Beside it all that these days'
 * answers took, told apart `by` day, agent or model.
 */
export async function getUsageHistory(
  ctx: Ctx,
  { metric, days: count, by }: { metric: MetricType; days: number; by: UsageBreakdown },
  now = new Date(),
): Promise<UsageHistory> {
  needRole(ctx, "viewer");
  const days = daysUpTo(now, count);
  const [first, last] = [days[0]!, days.at(-1)!];
  return ctx.transaction(async (tx) => {
    const { rows } = await tx.$client.query<{ day: string; value: number }>({
      name: `usage-history-${metric}`,
      text: `select day::text, sum(value)::bigint as value from (${sources[metric]}) used group by day`,
      values: [ctx.workspaceId, new Date(first)],
    });
    const values = new Map(rows.map(({ day, value }) => [day, value]));
    return {
      metric,
      days: days.map((day) => ({ day, value: values.get(day) ?? 0 })),
      firstDay: await firstDayOf(tx, ctx.workspaceId),
      parts: await usedParts(tx, ctx.workspaceId, { first, last }, [by]),
    };
  });
}
