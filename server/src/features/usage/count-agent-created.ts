import type { Tx } from "../../db/client.ts";

/** Adds one to the billing period's `agents_created`, in the transaction that creates the agent. */
export async function countAgentCreated(tx: Tx, workspaceId: string): Promise<void> {
  await tx.$client.query({
    name: "count-agent-created",
    text: `insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
      select $1, 'agents_created', 1, period_start, period_end from billing_period($1, now())
      on conflict (workspace_id, metric_type, period_start)
      do update set value = usage_metrics.value + 1, period_end = excluded.period_end, updated_at = now()`,
    values: [workspaceId],
  });
}
