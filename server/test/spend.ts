import { randomUUIDv7 } from "node:crypto";
import type { Client } from "./client.ts";
import type { TestApp } from "./harness.ts";

/**
 * An answer with the operator's key, as the chat would have written it: conversation, answer, ledger row and counters.
 * `passedOn: false` is one on Free, which the operator gives away.
 */
export async function spend(
  { db }: Pick<TestApp, "db">,
  { workspaceId }: Pick<Client, "workspaceId">,
  micros: number,
  { passedOn = true }: { passedOn?: boolean } = {},
): Promise<void> {
  await db.operator.query(
    `with today as (select (now() at time zone 'UTC')::date as day),
    project as (select id from projects where workspace_id = $1 limit 1),
    agent as (
      insert into agents (id, workspace_id, project_id, name, flow)
      select $4, $1, project.id, 'Rex', '{}' from project returning id
    ), talk as (
      insert into conversations (id, workspace_id, agent_id, title) select $5, $1, agent.id, 'Talk' from agent returning id
    ), answer as (
      insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on)
      select $7, $1, talk.id, 'assistant', 'Yes.', 'complete', $6, day from talk, today returning id
    ), counted as (
      insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
      select $1, 'messages', 1, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC' from today
      on conflict (workspace_id, metric_type, period_start) do update set value = usage_metrics.value + 1
    ), cost as (
      insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
      select $1, 'ai_cost_micros', $2::bigint, p.period_start, p.period_end from billing_period($1, now()) p where $2::bigint > 0
      on conflict (workspace_id, metric_type, period_start) do update set value = usage_metrics.value + excluded.value
    ), daily as (
      insert into usage_daily (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out, tokens_cached, cost_micros, passed_on_micros)
      select $1, day, $4, 'openai', 'gpt', 'operator', 1, 0, 0, 0, $2::bigint, case when $3 then $2::bigint else 0 end from today
    )
    insert into usage_events (message_id, workspace_id, counted_on, agent_id, provider, model, tokens_in, tokens_out,
      tokens_cached, cost_micros, payer, period_start, passed_on)
    select answer.id, $1, day, $4, 'openai', 'gpt', 0, 0, 0, $2::bigint, 'operator', p.period_start, $3
    from answer, today, billing_period($1, now()) p`,
    [workspaceId, micros, passedOn, ...Array.from({ length: 4 }, () => randomUUIDv7()).toSorted()],
  );
}
