import type { Tx } from "../../db/client.ts";

/** A place where counters, answers and ledger do not agree. */
export interface Difference {
  invariant: "messages_counter" | "ledger_rows" | "cost_counter" | "tokens_counter" | "running_rows";
  workspaceId: string;
  /** The UTC day, the start of the billing period, or the answer's id. */
  subject: string;
  /** What it should be, as the answers or the ledger tell. */
  expected: number;
  /** What is there. */
  found: number;
}

/**
 * The promises of money.md, section 1, in one statement, so that all of them are seen at one moment of a live database:
 * - messages counter of a day = answers accepted on it - those given back (failed);
 * - one ledger row for each complete or stopped answer, none for others;
 * - cost and tokens of the ledger = their counters, by workspace and billing period;
 * - an answer is running exactly while its row says `answering` (else nobody would ever give it back).
 */
const differences = `
with accepted as (
  select workspace_id, counted_on as day, count(*) as answers
  from messages where role = 'assistant' and state <> 'failed' group by 1, 2
), days as (
  select workspace_id, (period_start at time zone 'UTC')::date as day, value
  from usage_metrics where metric_type = 'messages'
), ledger as (
  select workspace_id, 'ai_cost_micros' as metric, period_start, sum(cost_micros) as amount
  from usage_events group by workspace_id, period_start
  union all
  select workspace_id, 'tokens', period_start, sum(tokens_in + tokens_out)
  from usage_events group by workspace_id, period_start
), counters as (
  select workspace_id, metric_type as metric, period_start, value
  from usage_metrics where metric_type in ('ai_cost_micros', 'tokens')
)
select 'messages_counter' as invariant, workspace_id as "workspaceId", day::text as subject,
  coalesce(answers, 0) as expected, coalesce(value, 0) as found
from accepted full join days using (workspace_id, day)
where coalesce(answers, 0) <> coalesce(value, 0)
union all
select 'ledger_rows', coalesce(m.workspace_id, e.workspace_id), coalesce(m.id, e.message_id)::text,
  (m.id is not null)::int, (e.message_id is not null)::int
from (select id, workspace_id from messages where role = 'assistant' and state in ('complete', 'stopped')) m
full join usage_events e on e.message_id = m.id
where m.id is null or e.message_id is null
union all
select case metric when 'tokens' then 'tokens_counter' else 'cost_counter' end, workspace_id, period_start::text,
  coalesce(amount, 0)::bigint, coalesce(value, 0)
from ledger full join counters using (workspace_id, metric, period_start)
where coalesce(amount, 0) <> coalesce(value, 0)
union all
select 'running_rows', coalesce(m.workspace_id, r.workspace_id), coalesce(m.id, r.message_id)::text,
  (m.id is not null)::int, (r.message_id is not null)::int
from (select id, workspace_id from messages where state = 'answering') m
full join running_answers r on r.message_id = m.id
where m.id is null or r.message_id is null
order by 2, 1, 3`;

/** Every difference in what `tx` can see: one workspace, or as operator all of them. Empty when all is well. */
export async function findDifferences(tx: Tx): Promise<Difference[]> {
  const { rows } = await tx.$client.query<Difference>(differences);
  return rows;
}
