import { planOf, type Failure, type MessageState, type Payer, type PlanId, type Trace } from "@charlie/contract";
import { oneStatement, withWorkspace, type Database, type Tx } from "../../db/client.ts";
import type { FlowOutcome } from "../flows/index.ts";
import { spendCapOf } from "../plans/index.ts";
import { tellNearCap } from "../usage/index.ts";
import type { ChatServices, Ending, Job } from "./types.ts";

/** How many messages of the day are left; null where the plan has no limit. */
function leftToday(plan: PlanId, used: number): number | null {
  const limit = planOf(plan).limits.messagesPerDay;
  return limit === null ? null : Math.max(0, limit - used);
}

// $1 workspace, $2 answer, $3 state, $4 text or null for what the running row holds, $5 trace or null, $6 agent,
// $7 provider, $8 model, $9-11 tokens in/out/cached, $12 cost in micro-dollars, $13 payer, $14 about what an own key costs
// or null, $15 whether tokens are estimates; $6 to $15 are null where there is nothing to count. $16 failure or null,
// $17 only if nobody was heard of for this many seconds, or null.
// Deleting the running row is what makes it happen once: of any number of endings, on any number of servers, one gets the
// row. The message is named by $2, so that only its month's partition is touched. All that it costs goes to the period in
// which it was accepted, where the cap held room for it, and is passed on as was settled there. The order of the counters
// is that of locks (accept-sql.ts).
export const endSql = `
with ended as (
  delete from running_answers
  where message_id = $2 and workspace_id = $1
    and ($17::float is null or heartbeat_at < now() - make_interval(secs => $17::float))
  returning message_id, text, period_start, period_end, reserved_micros, passed_on
), answer as (
  update messages m
  set state = $3, text = coalesce($4, ended.text), trace = $5::jsonb, failure = $16::jsonb, finished_at = now()
  from ended where m.id = $2 and m.state = 'answering'
  returning m.id, m.text, m.counted_on, m.state = 'failed' as given_back, ended.passed_on and m.state <> 'failed' as passed_on,
    ended.period_start, ended.period_end, ended.reserved_micros
), ledger as (
  insert into usage_events (message_id, workspace_id, counted_on, agent_id, provider, model, tokens_in, tokens_out,
    tokens_cached, cost_micros, payer, own_key_micros, estimated, period_start, passed_on, given_back)
  select id, $1, counted_on, $6, $7, $8, $9::bigint, $10::bigint, $11::bigint, $12::bigint, $13::text, $14::bigint, $15,
    period_start, passed_on, given_back
  from answer where $13::text is not null
), returned as (
  update usage_metrics u set value = u.value - 1, updated_at = now() from answer
  where answer.given_back and u.workspace_id = $1 and u.metric_type = 'messages'
    and u.period_start = answer.counted_on::timestamp at time zone 'UTC'
  returning 1
), spent as (
  -- Its row is there: accept has held something on it.
  update usage_metrics u
  set value = u.value + coalesce($12::bigint, 0), reserved = u.reserved - answer.reserved_micros, updated_at = now()
  from (select count(*) from returned) before, answer
  where u.workspace_id = $1 and u.metric_type = 'ai_cost_micros' and u.period_start = answer.period_start
    and answer.reserved_micros is not null
  returning u.value
), counted as (
  insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
  select $1, kind.metric, kind.amount, answer.period_start, answer.period_end
  from (select count(*) from spent) before, answer,
    (values ('own_key_micros', $14::bigint), ('tokens', $9::bigint + $10::bigint)) as kind (metric, amount)
  where kind.amount > 0
  order by kind.metric
  on conflict (workspace_id, metric_type, period_start)
  do update set value = usage_metrics.value + excluded.value, period_end = excluded.period_end, updated_at = now()
  returning 1
), added_up as (
  insert into usage_daily as d (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out,
    tokens_cached, cost_micros, own_key_micros, passed_on_micros)
  select $1, counted_on, $6, $7, $8, $13::text, case when given_back then 0 else 1 end, $9::bigint, $10::bigint, $11::bigint,
    $12::bigint, coalesce($14::bigint, 0), case when passed_on then $12::bigint else 0 end
  from (select count(*) from counted) before, answer where $13::text is not null
  on conflict (workspace_id, day, agent_id, provider, model, payer)
  do update set messages = d.messages + excluded.messages, tokens_in = d.tokens_in + excluded.tokens_in,
    tokens_out = d.tokens_out + excluded.tokens_out, tokens_cached = d.tokens_cached + excluded.tokens_cached,
    cost_micros = d.cost_micros + excluded.cost_micros, own_key_micros = d.own_key_micros + excluded.own_key_micros,
    passed_on_micros = d.passed_on_micros + excluded.passed_on_micros
)
select answer.text, w.plan, coalesce(u.value, 0) as used, w.spend_cap_micros as "spendCapMicros",
  (select value from spent) as spent, answer.period_end as "periodEnd",
  answer.passed_on as "passedOn"
from answer
join workspaces w on w.id = $1
left join usage_metrics u on u.workspace_id = $1 and u.metric_type = 'messages'
  and u.period_start = date_trunc('day', now(), 'UTC')`;

interface Counted {
  text: string;
  plan: PlanId;
  /** Of today's messages. */
  used: number;
  spendCapMicros: number | null;
  /** What AI has cost in that period, this answer included; null where the operator does not pay. */
  spent: number | null;
  periodEnd: Date;
  passedOn: boolean;
}

/** What an answer took, and what it takes to see whether that came near the cap. */
export interface Costs {
  agentId: string;
  usage: FlowOutcome["usage"];
  ai: Pick<ChatServices["ai"], "freeAllowanceMicros">;
}

interface How {
  state: Ending["state"];
  text: string | null;
  trace: Trace | null;
  failure: Failure | null;
  silentForSeconds: number | null;
}

/** Ends an answer in one transaction; undefined, with nothing changed, where it had ended before (or is alive). */
async function end(
  db: Database,
  { workspaceId, messageId }: { workspaceId: string; messageId: string },
  { state, text, trace, failure, silentForSeconds }: How,
  costs: Costs | null,
): Promise<Counted | undefined> {
  const { agentId, usage } = costs ?? {};
  const values = [
    workspaceId,
    messageId,
    state,
    text,
    trace && JSON.stringify(trace),
    agentId,
    usage?.provider,
    usage?.model,
    usage?.tokensIn,
    usage?.tokensOut,
    usage?.tokensCached,
    usage?.costMicros,
    usage?.payer,
    usage?.ownKeyMicros,
    usage?.estimated,
    failure && JSON.stringify(failure),
    silentForSeconds,
  ];
  const statement = { name: "chat-end", text: endSql, values };
  if (costs?.usage.payer !== "operator") {
    const [row] = await oneStatement<Counted>(db, workspaceId, statement);
    return row;
  }
  return withWorkspace(db, workspaceId, async (tx) => {
    const [row] = (await tx.$client.query<Counted>(statement)).rows;
    if (row && row.spent !== null) {
      const { plan, spent, periodEnd } = row;
      const { cap } = spendCapOf(row, costs.ai);
      const count = { plan, used: spent, limit: cap, resetsAt: periodEnd };
      await tellNearCap(tx, workspaceId, count, { before: spent - costs.usage.costMicros });
    }
    return row;
  });
}

/**
 * Ends an answer that counts: `complete`, or `stopped` with what came. Writes the ledger row and the token and cost
 * counters in the same transaction. Returns null, and changes nothing, where the answer had ended before.
 */
export async function finishAnswer(
  { db, ai }: Pick<ChatServices, "db"> & Pick<Costs, "ai">,
  { workspaceId, agentId, place: { messageId } }: Pick<Job, "workspaceId" | "agentId" | "place">,
  {
    state,
    text,
    trace,
    usage,
  }: { state: "complete" | "stopped"; text: string; trace: Trace; usage: FlowOutcome["usage"] },
): Promise<Ending | null> {
  const how = { state, text, trace, failure: null, silentForSeconds: null };
  const counted = await end(db, { workspaceId, messageId }, how, { agentId, usage, ai });
  if (!counted) return null;
  const { tokensIn, tokensOut, tokensCached, costMicros, ownKeyMicros, payer } = usage;
  const messagesLeftToday = leftToday(counted.plan, counted.used);
  const { passedOn } = counted;
  const numbers = { tokensIn, tokensOut, tokensCached, costMicros, passedOn, ownKeyMicros, payer, messagesLeftToday };
  return { state, text, failure: null, usage: numbers };
}

/**
 * Ends an answer that failed: the message goes back to the day it was taken from, and what was held of the spend cap to
 * its period. What the operator had to pay all the same (`costs`) is taken from the cap or allowance, or stopping each
 * answer before its first word would use up the operator's money for ever; the workspace is never billed for it.
 * Without `text`, what was last heard is kept. With `silentForSeconds` only where no server gave a sign of life for that
 * long. Returns null, and changes nothing, where the answer had ended before (or is alive).
 */
export async function giveBack(
  db: Database,
  place: { workspaceId: string; messageId: string },
  {
    failure,
    text = null,
    trace = null,
    silentForSeconds = null,
    costs = null,
  }: { failure: Failure; costs?: Costs | null } & Partial<Pick<How, "text" | "trace" | "silentForSeconds">>,
): Promise<Ending | null> {
  const how = { state: "failed" as const, text, trace, failure, silentForSeconds };
  const paid = costs?.usage.payer === "operator" && costs.usage.costMicros > 0 ? costs : null;
  const ended = await end(db, place, how, paid);
  return ended ? { state: "failed", text: ended.text, failure, usage: null } : null;
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
  passedOn: boolean;
  ownKeyMicros: number | null;
  plan: PlanId;
  used: number;
}

/** How an answer of the workspace ended; null while it runs, or where there is no such answer. */
export async function readEnding(tx: Tx, workspaceId: string, messageId: string): Promise<Ending | null> {
  const { rows } = await tx.$client.query<EndingRow>({
    name: "chat-ending",
    text: `select m.state, m.text, m.failure, e.payer, e.tokens_in as "tokensIn", e.tokens_out as "tokensOut",
        e.tokens_cached as "tokensCached", e.cost_micros as "costMicros",
        e.passed_on as "passedOn", e.own_key_micros as "ownKeyMicros", w.plan, coalesce(u.value, 0) as used
      from messages m
      join workspaces w on w.id = m.workspace_id
      left join usage_events e on e.message_id = m.id and not e.given_back
      left join usage_metrics u on u.workspace_id = m.workspace_id and u.metric_type = 'messages'
        and u.period_start = date_trunc('day', now(), 'UTC')
      where m.workspace_id = $1 and m.id = $2 and m.role = 'assistant'`,
    values: [workspaceId, messageId],
  });
  const [row] = rows;
  if (!row || row.state === "answering") return null;
  const { state, text, failure, payer, plan, used, ...numbers } = row;
  const usage = payer === null ? null : { ...numbers, payer, messagesLeftToday: leftToday(plan, used) };
  return { state, text, failure, usage };
}
