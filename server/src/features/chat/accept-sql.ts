import { tellingNearLimit } from "../usage/index.ts";

/** Differs once anything differs that an answer needs of its workspace, but for the plan (`w`), its agent (`a`) and its keys. */
const mark = `concat_ws(' ', coalesce(w.spend_cap_micros, -1), a.updated_at, a.frozen_at,
  (select string_agg(xmin::text, ' ' order by provider) from ai_keys where workspace_id = $1))`;

/**
 * Everything that is needed to decide on a question, in one read. Messages are newer than their conversation (the table
 * makes sure), so `id > $3` leaves out the partitions of the months before it.
 * $1 workspace, $2 agent, $3 conversation or null, $4 idempotency key or null, $5 replaced question or null
 */
export const loadSql = `
select w.plan, a.name as "agentName", a.flow, a.frozen_at is not null as frozen,
  c.updated_at::text as version,
  k.request_hash as "keyHash", k.message_id as "messageId",
  coalesce(u.value, 0) as used, today.day + interval '24 hours' as "resetsAt",
  w.spend_cap_micros as "spendCapMicros", coalesce(s.value, 0) as spent, coalesce(s.reserved, 0) as held,
  p.period_end as "periodEnd", ${mark} as mark,
  -- Of a server's own models only the first is needed here, and there can be hundreds.
  (select jsonb_agg(jsonb_build_object(
     'provider', key.provider, 'ciphertext', key.ciphertext, 'baseUrl', key.base_url, 'models', key.models[1:1]))
   from ai_keys key where key.workspace_id = $1) as keys,
  (select jsonb_agg(jsonb_build_array(pair.question, pair.answer) order by pair.id)
   from (
     select q.text as question, x.text as answer, x.id
     from messages x join messages q on q.workspace_id = x.workspace_id and q.id = x.reply_to and q.id > $3
     where x.workspace_id = $1 and x.conversation_id = c.id and x.id > $3 and x.role = 'assistant'
       and x.replaced_at is null and x.state in ('complete', 'stopped') and x.reply_to is distinct from $5
     order by x.id desc limit 10
   ) pair) as turns,
  last.reply_to as "lastQuestion", last.id as "lastAnswer"
from workspaces w
cross join (select date_trunc('day', now(), 'UTC') as day) today
cross join billing_period($1, now()) p
left join agents a on a.workspace_id = w.id and a.id = $2 and a.deleted_at is null
left join conversations c on c.workspace_id = w.id and c.id = $3::uuid and c.agent_id = a.id and c.deleted_at is null
left join idempotency_keys k on k.workspace_id = w.id and k.key = $4::text
left join usage_metrics u on u.workspace_id = w.id and u.metric_type = 'messages' and u.period_start = today.day
left join lateral (
  select m.reply_to, m.id from messages m
  where m.workspace_id = $1 and m.conversation_id = c.id and m.id > $3 and m.role = 'assistant' and m.replaced_at is null
  order by m.id desc limit 1
) last on true
left join usage_metrics s on s.workspace_id = w.id and s.metric_type = 'ai_cost_micros' and s.period_start = p.period_start
where w.id = $1`;

/** Counts a message of the day for each row of `from` (none or one), if it is under the limit or there is none. */
export const counting = (from: string, workspace: string, limit: string): string => `counted as (
  insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
  select ${workspace}, 'messages', 1, today.day, today.day + interval '24 hours'
  from ${from}, (select date_trunc('day', now(), 'UTC') as day) today
  where ${limit}::bigint is null or ${limit}::bigint > 0
  on conflict (workspace_id, metric_type, period_start)
  do update set value = usage_metrics.value + 1, updated_at = now()
    where ${limit}::bigint is null or usage_metrics.value < ${limit}::bigint
  returning value, (period_start at time zone 'UTC')::date as day, period_end
)`;

/**
 * Accepts a question: takes the key, opens or continues the conversation, claims the one running answer it may have,
 * counts, holds what the answer can cost, and writes question and answer. One statement, in which each part happens only
 * if the one before it did. Unless it came to the end it undoes itself, and its error (`undoneBecause`) tells how far it
 * came.
 * The order is also the order of locks, the same for everybody, with the hottest rows (the counters) late: conversation,
 * running answer, counters, agent. Endings take running answer, message, counters. Counters of one workspace are always
 * taken in this order: messages, ai_cost_micros, own_key_micros, tokens.
 * What is held and what was spent stand in one row, so of any number of questions at once each sees what the one before
 * it took: together they never pass the cap.
 *
 * $1 workspace, $2 key or null, $3 request hash, $4 answer, $5 conversation, $6 agent, $7 title or null,
 * $8 version of the conversation that was loaded or null for a new one, $9 limit or null, $10 question, $11 text,
 * $12 replaced question or null, $13 the most that the answer can cost or null where the operator does not pay, $14 cap,
 * $15 the plan that was loaded: limit, cap, billing period and whether the cost is passed on are settled here, of one
 * plan, and no plan that comes while the answer runs changes them, $16 the mark of what was loaded for an earlier question, or
 * null
 */
export const acceptSql = `
with claimed as (
  insert into idempotency_keys (workspace_id, key, request_hash, message_id)
  select $1, $2, $3, $4 where $2::text is not null
  on conflict do nothing returning key
), went as (
  select from workspaces w where id = $1 and plan = $15 and ($2::text is null or exists (select from claimed))
    and ($16::text is null or $16::text = (
      select ${mark} from agents a where a.workspace_id = $1 and a.id = $6 and a.deleted_at is null))
), begun as (
  insert into conversations (id, workspace_id, agent_id, title)
  select $5, $1, $6, $7 from went where $8::text is null
  returning id
), continued as (
  update conversations set updated_at = now(), title = coalesce($7, title) from went
  where workspace_id = $1 and id = $5 and deleted_at is null and updated_at = $8::timestamptz
  returning id
), opened as (
  select id from begun union all select id from continued
), running as (
  insert into running_answers (message_id, workspace_id, conversation_id, period_start, period_end, reserved_micros,
    passed_on)
  select $4, $1, id, p.period_start, p.period_end, $13::bigint, $13::bigint is not null and $15 <> 'free'
  from opened, billing_period($1, now()) p
  on conflict (conversation_id) do nothing returning message_id, period_start, period_end
), ${counting("running", "$1", "$9")}, held as (
  insert into usage_metrics (workspace_id, metric_type, value, reserved, period_start, period_end)
  select $1, 'ai_cost_micros', 0, $13::bigint, running.period_start, running.period_end
  from counted, running where $13::bigint <= $14::bigint
  on conflict (workspace_id, metric_type, period_start)
  do update set reserved = usage_metrics.reserved + excluded.reserved, updated_at = now()
    where usage_metrics.value + usage_metrics.reserved + excluded.reserved <= $14::bigint
  returning reserved
), fits as (
  select day from counted where $13::bigint is null or exists (select from held)
), replaced as (
  -- An answer is newer than its question.
  update messages set replaced_at = now() from fits
  where workspace_id = $1 and conversation_id = $5 and id >= $12::uuid and replaced_at is null
    and (id = $12::uuid or reply_to = $12::uuid)
), written as (
  insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on)
  select m.id, $1, $5, m.role, m.text, m.state, m.reply_to, m.counted_on
  from fits, lateral (values
    ($10::uuid, 'user', $11::text, 'complete', null, null),
    ($4::uuid, 'assistant', '', 'answering', $10::uuid, fits.day)
  ) as m (id, role, text, state, reply_to, counted_on)
), ${tellingNearLimit("counted, fits", { workspace: "$1", plan: "$15", limit: "$9" })}, used as (
  -- To the minute is enough for "last used", and spares the row a write for each message.
  update agents set last_used_at = now() from fits
  where workspace_id = $1 and id = $6 and (last_used_at is null or last_used_at < now() - interval '1 minute')
)
select case
  when not exists (select from went) then undo('outdated')
  when not exists (select from opened) then undo('moved')
  when not exists (select from running) then undo('answering')
  when not exists (select from counted) then undo('limit')
  when not exists (select from fits) then undo('cap')
  else 'accepted' end as outcome,
  (select count(*) from told) as told`;
