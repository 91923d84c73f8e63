import type { Tx } from "../../db/client.ts";

/** A place where counters, answers and ledger do not agree. */
export interface Difference {
  invariant:
    | "messages_counter"
    | "ledger_rows"
    | "retired_answers"
    | "cost_counter"
    | "tokens_counter"
    | "own_key_counter"
    | "daily_rows"
    | "usage_reported"
    | "usage_invoiced"
    | "running_rows"
    | "reserved";
  workspaceId: string;
  /** The UTC day (with agent, provider, model and payer), the start of the billing period, or the answer's id. */
  subject: string;
  /** What it should be, as the answers or the ledger tell. */
  expected: number;
  /** What is there. */
  found: number;
}

/**
 * The promises of money.md, section 1, in one statement, so that all of them are seen at one moment of a live database:
 * - messages counter of a day = answers in the ledger + those that still run (so: accepted - given back);
 * - one ledger row for each complete or stopped answer, both of the same day and workspace; for one that was given back
 *   none, or one that says so: what it cost the operator all the same, no message and never passed on (the table's check);
 * - as many ledger rows of a month whose messages were retired as answers were;
 * - cost and tokens of the ledger = their counters, by workspace and billing period;
 * - the ledger added up by day = the rows of history, every number in them;
 * - what is held of a billing period's spend cap = what the answers now running took of it;
 * - no more was reported to Stripe than the ledger has to be passed on. Where all of a workspace's periods are invoiced
 *   and nothing came since, it is the same; in between, what is missing is on its way (features/billing/usage-report-view.ts);
 * - no invoice charges more for a period than was reported for it;
 * - an answer is running exactly while its row says `answering` (else nobody would ever give it back).
 */
const differences = `
with kept as (
  -- What is below it was retired, and can be compared by number only.
  select coalesce(first_id((max(month) + interval '1 month') at time zone 'UTC'), first_id('epoch')) as since
  from retired_messages
), answers as materialized (
  select id, workspace_id, state, counted_on from messages where role = 'assistant'
), added_up as materialized (
  select workspace_id, counted_on as day, agent_id, provider, model, payer, period_start,
    count(*) filter (where not given_back) as messages,
    sum(tokens_in)::bigint as tokens_in, sum(tokens_out)::bigint as tokens_out, sum(tokens_cached)::bigint as tokens_cached,
    sum(cost_micros)::bigint as cost_micros, coalesce(sum(own_key_micros), 0)::bigint as own_key_micros,
    coalesce(sum(cost_micros) filter (where passed_on), 0)::bigint as passed_on_micros
  from usage_events group by 1, 2, 3, 4, 5, 6, 7
), accepted as (
  select workspace_id, day, sum(answers)::bigint as answers from (
    select workspace_id, day, messages as answers from added_up
    union all select workspace_id, counted_on, 1 from answers where state = 'answering'
  ) each group by 1, 2
), days as (
  select workspace_id, (period_start at time zone 'UTC')::date as day, value
  from usage_metrics where metric_type = 'messages'
), ledger as (
  select workspace_id, metric, period_start, sum(amount)::bigint as amount
  from added_up, lateral (values ('ai_cost_micros', cost_micros), ('tokens', tokens_in + tokens_out),
    ('own_key_micros', own_key_micros)) as kind (metric, amount)
  group by 1, 2, 3
), counters as (
  select workspace_id, metric_type as metric, period_start, value
  from usage_metrics where metric_type in ('ai_cost_micros', 'own_key_micros', 'tokens')
), daily as (
  select workspace_id, concat_ws(' ', day, agent_id, provider, model, payer) as subject,
    sum(messages)::bigint as messages, sum(tokens_in)::bigint as tokens_in, sum(tokens_out)::bigint as tokens_out,
    sum(tokens_cached)::bigint as tokens_cached, sum(cost_micros)::bigint as cost_micros,
    sum(own_key_micros)::bigint as own_key_micros, sum(passed_on_micros)::bigint as passed_on_micros
  from added_up group by 1, 2
), history as (
  select workspace_id, concat_ws(' ', day, agent_id, provider, model, payer) as subject,
    messages, tokens_in, tokens_out, tokens_cached, cost_micros, own_key_micros, passed_on_micros
  from usage_daily
), taken as (
  select workspace_id, period_start, sum(reserved_micros)::bigint as amount from running_answers
  where reserved_micros is not null group by 1, 2
), held as (
  select workspace_id, period_start, reserved from usage_metrics where metric_type = 'ai_cost_micros'
), told as (
  -- What was told last of each billing period; once it is invoiced, the invoice counts, and the rest is told of the next.
  select workspace_id, period_start, invoiced_micros, reported, coalesce(invoiced_micros, reported) as micros
  from (
    select p.*, coalesce((
      select micros from usage_reports r where r.workspace_id = p.workspace_id and r.stripe_item_id = p.stripe_item_id
        and r.period_start = p.period_start order by reported_for desc limit 1
    ), 0) as reported
    from usage_periods p
  ) each
)
select 'messages_counter' as invariant, workspace_id as "workspaceId", day::text as subject,
  coalesce(answers, 0) as expected, coalesce(value, 0) as found
from accepted full join days using (workspace_id, day)
where coalesce(answers, 0) <> coalesce(value, 0)
union all
select 'ledger_rows', coalesce(m.workspace_id, e.workspace_id), coalesce(m.id, e.message_id)::text,
  (coalesce(m.state, 'failed') <> 'failed')::int, (coalesce(m.state, 'failed') = 'failed')::int
from (select * from answers where state <> 'answering') m
full join (
  select message_id, workspace_id, counted_on, given_back from usage_events where message_id >= (select since from kept)
) e on e.message_id = m.id
where m.id is null or e.message_id is null and m.state <> 'failed'
  or (m.workspace_id, m.counted_on, m.state = 'failed') <> (e.workspace_id, e.counted_on, e.given_back)
union all
select 'retired_answers', r.workspace_id, r.month::text, r.answers, e.rows
from retired_messages r, lateral (
  select count(*) as rows from usage_events where workspace_id = r.workspace_id and not given_back
    and message_id >= first_id(r.month::timestamp at time zone 'UTC')
    and message_id < first_id((r.month + interval '1 month') at time zone 'UTC')
) e
where r.answers <> e.rows
union all
select case metric when 'tokens' then 'tokens_counter' when 'own_key_micros' then 'own_key_counter' else 'cost_counter' end, workspace_id, period_start::text,
  coalesce(amount, 0)::bigint, coalesce(value, 0)
from ledger full join counters using (workspace_id, metric, period_start)
where coalesce(amount, 0) <> coalesce(value, 0)
union all
select 'daily_rows', workspace_id, concat_ws(' ', subject, number), expected, found
from daily l full join history h using (workspace_id, subject), lateral (values
  ('messages', coalesce(l.messages, 0), coalesce(h.messages, 0)),
  ('tokens_in', coalesce(l.tokens_in, 0), coalesce(h.tokens_in, 0)),
  ('tokens_out', coalesce(l.tokens_out, 0), coalesce(h.tokens_out, 0)),
  ('tokens_cached', coalesce(l.tokens_cached, 0), coalesce(h.tokens_cached, 0)),
  ('cost_micros', coalesce(l.cost_micros, 0), coalesce(h.cost_micros, 0)),
  ('own_key_micros', coalesce(l.own_key_micros, 0), coalesce(h.own_key_micros, 0)),
  ('passed_on_micros', coalesce(l.passed_on_micros, 0), coalesce(h.passed_on_micros, 0))
) as compared (number, expected, found)
where expected <> found
union all
select 'usage_reported', p.workspace_id, 'passed on', coalesce(l.recorded, 0)::bigint, sum(p.micros)::bigint
from told p
left join (
  select workspace_id, sum(cost_micros) as recorded from usage_events where passed_on group by 1
) l on l.workspace_id = p.workspace_id
group by p.workspace_id, l.recorded
having sum(p.micros) > coalesce(l.recorded, 0)
union all
select 'usage_invoiced', workspace_id, period_start::text, reported, invoiced_micros from told
where invoiced_micros > reported
union all
select 'running_rows', coalesce(m.workspace_id, r.workspace_id), coalesce(m.id, r.message_id)::text,
  (m.id is not null)::int, (r.message_id is not null)::int
from (select * from answers where state = 'answering') m
full join running_answers r on r.message_id = m.id
where m.id is null or r.message_id is null
union all
select 'reserved', workspace_id, period_start::text, coalesce(amount, 0), coalesce(reserved, 0)
from taken full join held using (workspace_id, period_start)
where coalesce(amount, 0) <> coalesce(reserved, 0)
order by 2, 1, 3`;

/** Every difference in what `tx` can see: one workspace, or as operator all of them. Empty when all is well. */
export async function findDifferences(tx: Tx): Promise<Difference[]> {
  const { rows } = await tx.$client.query<Difference>(differences);
  return rows;
}
