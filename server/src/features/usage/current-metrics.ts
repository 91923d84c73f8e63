import type { MetricType } from "@charlie/contract";
import type { Tx } from "../../db/client.ts";

export interface CurrentMetric {
  metric: MetricType;
  /** Messages, tokens (in and out), micro-dollars, or agents. */
  value: number;
  /** Of `ai_cost_micros`: the most that the answers now running can cost. */
  held: number;
  periodStart: Date;
  periodEnd: Date;
}

/**
 * Every metric's counter in the period that is running: the UTC day for messages, the billing period for the rest.
 * Without `at`, by the database's clock, which counts.
 */
export async function currentMetrics(tx: Tx, workspaceId: string, at: Date | null = null): Promise<CurrentMetric[]> {
  // Reads at most five counter rows, however many messages there are.
  const { rows } = await tx.$client.query<CurrentMetric>({
    name: "current-metrics",
    text: `with clock as (
        select coalesce($2::timestamptz, now()) as at
      ), periods as (
        select 'messages' as metric, 1 as place, day as first, day + interval '24 hours' as last
        from (select date_trunc('day', at, 'UTC') as day from clock) today
        union all
        select metric, place, period_start, period_end
        from clock, billing_period($1, at), (values ('tokens', 2), ('ai_cost_micros', 3), ('agents_created', 4), ('own_key_micros', 5)) as kinds (metric, place)
      )
      select metric, coalesce(m.value, 0) as value, coalesce(m.reserved, 0) as held, p.first as "periodStart", p.last as "periodEnd"
      from periods p
      left join usage_metrics m on m.workspace_id = $1 and m.metric_type = p.metric and m.period_start = p.first
      order by place`,
    values: [workspaceId, at],
  });
  return rows;
}
