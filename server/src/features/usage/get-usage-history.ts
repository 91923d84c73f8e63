import type { MetricType, UsageHistory } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";

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

const dayMs = 24 * 60 * 60 * 1_000;

/** One metric by UTC day, oldest first, ending with `now`'s day; days without use are zero. */
export async function getUsageHistory(
  ctx: Ctx,
  { metric, days }: { metric: MetricType; days: number },
  now = new Date(),
): Promise<UsageHistory> {
  needRole(ctx, "viewer");
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  const first = today - (days - 1) * dayMs;
  const { rows } = await ctx.transaction((tx) =>
    tx.$client.query<{ day: string; value: number }>({
      name: `usage-history-${metric}`,
      text: `select day::text, sum(value)::bigint as value from (${sources[metric]}) used group by day`,
      values: [ctx.workspaceId, new Date(first)],
    }),
  );
  const values = new Map(rows.map(({ day, value }) => [day, value]));
  return {
    metric,
    days: Array.from({ length: days }, (_, index) => {
      const day = new Date(first + index * dayMs).toISOString().slice(0, 10);
      return { day, value: values.get(day) ?? 0 };
    }),
  };
}
