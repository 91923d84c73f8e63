import {
  planOf,
  type AnswerUsage,
  type Failure,
  type MessageState,
  type Payer,
  type PlanId,
  type Trace,
} from "@charlie/contract";
import { withWorkspace, type Database, type Tx } from "../../db/client.ts";
import type { FlowOutcome } from "../flows/index.ts";
import type { Ending, Job } from "./types.ts";

/** How many messages of the day are left; null where the plan has no limit. */
function leftToday(plan: PlanId, used: number): number | null {
  const limit = planOf(plan).limits.messagesPerDay;
  return limit === null ? null : Math.max(0, limit - used);
}

// $1 workspace, $2 answer, $3 state, $4 text, $5 trace, $6 agent, $7 provider, $8 model, $9-11 tokens in/out/cached,
// $12 cost in micro-dollars, $13 payer. Deleting the running row is what makes it happen once: of any number of endings,
// on any number of servers, one gets the row. The message is named by $2, so that only its month's partition is touched.
const finishSql = `
with ended as (
  delete from running_answers where message_id = $2 and workspace_id = $1 returning message_id
), answer as (
  update messages m set state = $3, text = $4, trace = $5::jsonb, finished_at = now() from ended
  where m.id = $2 and m.state = 'answering' returning m.id, m.counted_on
), ledger as (
  insert into usage_events (message_id, workspace_id, counted_on, agent_id, provider, model, tokens_in, tokens_out,
    tokens_cached, cost_micros, payer, period_start, passed_on)
  select answer.id, $1, answer.counted_on, $6, $7, $8, $9::bigint, $10::bigint, $11::bigint, $12::bigint, $13, p.period_start,
    $13 = 'operator' and w.plan <> 'free'
  from answer, workspaces w, billing_period($1, now()) p where w.id = $1
), counted as (
  insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
  select $1, kind.metric, kind.amount, p.period_start, p.period_end
  from answer, billing_period($1, now()) p,
    (values ('ai_cost_micros', $12::bigint), ('tokens', $9::bigint + $10::bigint)) as kind (metric, amount)
  where kind.amount > 0
  order by kind.metric
  on conflict (workspace_id, metric_type, period_start)
  do update set value = usage_metrics.value + excluded.value, period_end = excluded.period_end, updated_at = now()
), added_up as (
  insert into usage_daily as d (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out,
    tokens_cached, cost_micros)
  select $1, answer.counted_on, $6, $7, $8, $13, 1, $9::bigint, $10::bigint, $11::bigint, $12::bigint from answer
  on conflict (workspace_id, day, agent_id, provider, model, payer)
  do update set messages = d.messages + 1, tokens_in = d.tokens_in + excluded.tokens_in,
    tokens_out = d.tokens_out + excluded.tokens_out, tokens_cached = d.tokens_cached + excluded.tokens_cached,
    cost_micros = d.cost_micros + excluded.cost_micros
)
select w.plan, coalesce(u.value, 0) as used
from answer
join workspaces w on w.id = $1
left join usage_metrics u on u.workspace_id = $1 and u.metric_type = 'messages'
  and u.period_start = date_trunc('day', now(), 'UTC')`;

/**
 * Ends an answer that counts: `complete`, or `stopped` with what came. Writes the ledger row and the token and cost
 * counters in the same transaction. Returns null, and changes nothing, where the answer had ended before.
 */
export async function finishAnswer(
  db: Database,
  { workspaceId, agentId, place }: Pick<Job, "workspaceId" | "agentId" | "place">,
  {
    state,
    text,
    trace,
    usage,
  }: { state: "complete" | "stopped"; text: string; trace: Trace; usage: FlowOutcome["usage"] },
): Promise<Ending | null> {
  const { provider, model, payer, tokensIn, tokensOut, tokensCached, costMicros } = usage;
  const values = [
    workspaceId,
    place.messageId,
    state,
    text,
    JSON.stringify(trace),
    agentId,
    provider,
    model,
    tokensIn,
    tokensOut,
    tokensCached,
    costMicros,
    payer,
  ];
  const { rows } = await withWorkspace(db, workspaceId, (tx) =>
    tx.$client.query<{ plan: PlanId; used: number }>({ name: "chat-finish", text: finishSql, values }),
  );
  if (!rows[0]) return null;
  const messagesLeftToday = leftToday(rows[0].plan, rows[0].used);
  const numbers: AnswerUsage = { tokensIn, tokensOut, tokensCached, costMicros, payer, messagesLeftToday };
  return { state, text, failure: null, usage: numbers };
}

// $1 workspace, $2 answer, $3 text or null for what the running row holds, $4 failure, $5 trace or null,
// $6 only if nobody was heard of for this many seconds, or null
const giveBackSql = `
with ended as (
  delete from running_answers
  where message_id = $2 and workspace_id = $1
    and ($6::float is null or heartbeat_at < now() - make_interval(secs => $6::float))
  returning message_id, text
), answer as (
  update messages m
  set state = 'failed', text = coalesce($3, ended.text), failure = $4::jsonb, trace = $5::jsonb, finished_at = now()
  from ended where m.id = $2 and m.state = 'answering' returning m.text, m.counted_on
), returned as (
  update usage_metrics u set value = u.value - 1, updated_at = now() from answer
  where u.workspace_id = $1 and u.metric_type = 'messages'
    and u.period_start = answer.counted_on::timestamp at time zone 'UTC'
)
select text from answer`;

/**
 * Ends an answer that failed: nobody pays, and the message goes back to the day it was taken from. Without `text`, what
 * was last heard is kept. With `silentForSeconds` only where no server gave a sign of life for that long.
 * Returns null, and changes nothing, where the answer had ended before (or is alive).
 */
export async function giveBack(
  db: Database,
  { workspaceId, messageId }: { workspaceId: string; messageId: string },
  {
    failure,
    text = null,
    trace = null,
    silentForSeconds = null,
  }: { failure: Failure; text?: string | null; trace?: Trace | null; silentForSeconds?: number | null },
): Promise<Ending | null> {
  const values = [
    workspaceId,
    messageId,
    text,
    JSON.stringify(failure),
    trace === null ? null : JSON.stringify(trace),
    silentForSeconds,
  ];
  const { rows } = await withWorkspace(db, workspaceId, (tx) =>
    tx.$client.query<{ text: string }>({ name: "chat-give-back", text: giveBackSql, values }),
  );
  return rows[0] ? { state: "failed", text: rows[0].text, failure, usage: null } : null;
}

interface EndingRow {
  state: MessageState;
  text: string;
  failure: Failure | null;
  payer: Payer | null;
  tokensIn: number;
  tokensOut: number;
  tokensCached: number;
  costMicros: number;
  plan: PlanId;
  used: number;
}

/** How an answer of the workspace ended; null while it runs, or where there is no such answer. */
export async function readEnding(tx: Tx, workspaceId: string, messageId: string): Promise<Ending | null> {
  const { rows } = await tx.$client.query<EndingRow>({
    name: "chat-ending",
    text: `select m.state, m.text, m.failure, e.payer, e.tokens_in as "tokensIn", e.tokens_out as "tokensOut",
        e.tokens_cached as "tokensCached", e.cost_micros as "costMicros", w.plan, coalesce(u.value, 0) as used
      from messages m
      join workspaces w on w.id = m.workspace_id
      left join usage_events e on e.message_id = m.id
      left join usage_metrics u on u.workspace_id = m.workspace_id and u.metric_type = 'messages'
        and u.period_start = date_trunc('day', now(), 'UTC')
      where m.workspace_id = $1 and m.id = $2 and m.role = 'assistant'`,
    values: [workspaceId, messageId],
  });
  const [row] = rows;
  if (!row || row.state === "answering") return null;
  const { state, text, failure, payer, tokensIn, tokensOut, tokensCached, costMicros, plan, used } = row;
  const messagesLeftToday = leftToday(plan, used);
  const usage = payer === null ? null : { tokensIn, tokensOut, tokensCached, costMicros, payer, messagesLeftToday };
  return { state, text, failure, usage };
}
