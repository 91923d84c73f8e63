import type { Pool } from "pg";

/** How much is made, for whom. */
export interface Growth {
  /** Questions and answers together, over all workspaces. */
  messages: number;
  /** So many whole months back they begin; they end now. */
  months: number;
  /** One of so many conversations is theirs; the others' workspaces are made too, one for each 1,000 conversations. */
  workspaceId: string;
  agentId: string;
  oneOf?: number;
  /** Questions of a conversation. */
  questionsEach?: number;
}

/**
 * Fills a database with conversations, messages, ledger, history and counters that agree with each other, evenly over
 * the months, by SQL alone: a million messages in some 15 s. Keys are not checked meanwhile, so it takes a superuser.
 */
export async function grow(
  pool: Pool,
  { messages, months, workspaceId, agentId, oneOf = 10, questionsEach = 10 }: Growth,
): Promise<void> {
  const client = await pool.connect();
  const pairs = Math.floor(messages / 2);
  const talks = Math.ceil(pairs / questionsEach);
  const others = Math.ceil(talks / 1_000);
  const now = new Date();
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1);
  const step = Math.floor((now.getTime() - start) / talks) || 1;
  try {
    for (let month = 1; month <= months; month += 1)
      await client.query(
        "select make_month((date_trunc('month', now(), 'UTC') - $1::int * interval '1 month')::date)",
        [month],
      );
    await client.query("begin");
    await client.query("set local session_replication_role = replica; set local synchronous_commit = off");
    await client.query(`create function pg_temp.v7(ms bigint, n bigint) returns uuid language sql immutable as $$
      select (lpad(to_hex(ms), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid $$`);
    await client.query(
      `create temporary table owner on commit drop as
       select 0 as n, $1::uuid as workspace, $2::uuid as agent
       union all select n, pg_temp.v7($3, n * 2), pg_temp.v7($3, n * 2 + 1) from generate_series(1, $4::int) n`,
      [workspaceId, agentId, start, others],
    );
    await client.query("insert into workspaces (id, name) select workspace, 'W' from owner where n > 0");
    await client.query(
      "insert into projects (id, workspace_id, name) select workspace, workspace, 'P' from owner where n > 0",
    );
    await client.query(`insert into agents (id, workspace_id, project_id, name, flow)
      select o.agent, o.workspace, o.workspace, 'Charlie', a.flow from owner o, agents a where o.n > 0 and a.id = (select agent from owner where n = 0)`);
    await client.query(
      `create temporary table talk on commit drop as
       select c, pg_temp.v7($1 + c * $2, c) as id, $1::bigint + c * $2 as ms, o.workspace, o.agent
       from generate_series(0, $3::bigint - 1) c join owner o on o.n = case when c % $5 = 0 then 0 else 1 + c % $4 end`,
      [start, step, talks, others, oneOf],
    );
    await client.query(`insert into conversations (id, workspace_id, agent_id, title, created_at, updated_at)
      select id, workspace, agent, 'When do you open?', to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0) from talk`);
    const each = `from talk, generate_series(0, ${questionsEach - 1}) k where c * ${questionsEach} + k < $1`;
    const answer = `pg_temp.v7(ms + 2 + 2 * k, c * ${questionsEach} + k)`;
    const day = "(to_timestamp(ms / 1000.0) at time zone 'UTC')::date";
    await client.query(
      `insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on)
       select m.* from talk, generate_series(0, ${questionsEach - 1}) k, lateral (values
         (pg_temp.v7(ms + 1 + 2 * k, c * ${questionsEach} + k), workspace, id, 'user', 'When do you open?', 'complete', null, null),
         (${answer}, workspace, id, 'assistant', 'At 8 in the morning.', 'complete', pg_temp.v7(ms + 1 + 2 * k, c * ${questionsEach} + k), ${day})
       ) m where c * ${questionsEach} + k < $1`,
      [pairs],
    );
    await client.query(
      `insert into usage_events (message_id, workspace_id, counted_on, agent_id, provider, model, tokens_in, tokens_out, tokens_cached, cost_micros, payer, period_start)
       select ${answer}, workspace, ${day}, agent, 'openai', case c % 3 when 0 then 'big' else 'small' end, 100, 20, 0, 7, 'operator',
         date_trunc('month', ${day}::timestamp) at time zone 'UTC' ${each}`,
      [pairs],
    );
    await client.query(`insert into usage_daily (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out, tokens_cached, cost_micros)
      select workspace_id, counted_on, agent_id, provider, model, payer, count(*), sum(tokens_in), sum(tokens_out), sum(tokens_cached), sum(cost_micros)
      from usage_events group by 1, 2, 3, 4, 5, 6`);
    await client.query(`insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
      select workspace_id, 'messages', sum(messages), day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC'
      from usage_daily group by workspace_id, day
      union all
      select workspace_id, kind.metric, sum(kind.amount), month, month + interval '1 month'
      from usage_daily, lateral (select date_trunc('month', day::timestamp) at time zone 'UTC' as month) m,
        lateral (values ('tokens', tokens_in + tokens_out), ('ai_cost_micros', cost_micros)) as kind (metric, amount)
      group by workspace_id, kind.metric, month`);
    await client.query("commit");
    await client.query("analyze");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
