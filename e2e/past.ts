import { randomUUIDv7 } from "node:crypto";
import { deleteAgent, type Me, pathOf } from "@charlie/contract";
import { expect } from "@playwright/test";
import { Client } from "pg";
import { runningPostgres } from "../server/src/embedded/running-postgres.ts";
import { ask, type Person, teach } from "./people.ts";

/** So many answers of one agent on each day that `on` picks, of so many days up to today. */
interface Habit {
  agentId: string;
  provider: "offline" | "openai" | "anthropic" | "compatible";
  model: string;
  payer: "own_key" | "operator" | "nobody";
  /** How many answers it gave that many days ago. */
  answers: (daysAgo: number) => number;
  /** Micro-dollars of one answer. */
  cost: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

/** An id of that moment. */
const idAt = (ms: number): string => {
  const hex = ms.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}${randomUUIDv7().slice(13)}`;
};

// $1 workspace, $2 agent, $3 provider, $4 model, $5 payer, $6 cost, $7 and $8 ids of questions and answers, $9 of the
// conversation. What is counted beside the answers is added up from them, so that the books agree.
const live = `
with talk as (
  insert into conversations (id, workspace_id, agent_id, title) values ($9, $1, $2, 'Earlier') returning id
), ids as (
  select question, answer, (('epoch'::timestamptz + make_interval(secs => ('x' || left(replace(answer::text, '-', ''), 12))::bit(48)::bigint / 1000.0))
    at time zone 'UTC')::date as day
  from unnest($7::uuid[], $8::uuid[]) as pair (question, answer)
), said as (
  insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on)
  select answer, $1, talk.id, 'assistant', 'Yes.', 'complete', question, day from ids, talk
), ledger as (
  insert into usage_events (message_id, workspace_id, counted_on, agent_id, provider, model, tokens_in, tokens_out,
    tokens_cached, cost_micros, payer, own_key_micros, period_start)
  select answer, $1, day, $2::uuid, $3, $4, 800, 120, 0, case when $5 = 'operator' then $6::bigint else 0 end, $5,
    case when $5 = 'own_key' then $6::bigint end, p.period_start
  from ids, billing_period($1, day::timestamp at time zone 'UTC') p
  returning counted_on, cost_micros, coalesce(own_key_micros, 0) as own_key_micros, period_start
), daily as (
  insert into usage_daily (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out,
    tokens_cached, cost_micros, own_key_micros)
  select $1, counted_on, $2, $3, $4, $5, count(*), count(*) * 800, count(*) * 120, 0, sum(cost_micros), sum(own_key_micros)
  from ledger group by counted_on
)
insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
select $1, metric, sum(value), first, max(last) from (
  select 'messages' as metric, 1 as value, day as first, day + interval '24 hours' as last
    from ledger, lateral (select counted_on::timestamp at time zone 'UTC' as day) d
  union all
  select kind.metric, kind.value, l.period_start, p.period_end
  from ledger l, billing_period($1, l.counted_on::timestamp at time zone 'UTC') p,
    lateral (values ('tokens', 920), ('ai_cost_micros', cost_micros), ('own_key_micros', own_key_micros)) kind (metric, value)
  where kind.value > 0
) counted group by metric, first
on conflict (workspace_id, metric_type, period_start) do update set value = usage_metrics.value + excluded.value`;

/** Gives a workspace a past of so many days, in the database of the service that the tests started. */
async function pretendPast(workspaceId: string, days: number, habits: readonly Habit[]): Promise<void> {
  const client = new Client({ connectionString: runningPostgres(process.env["CHARLIE_DATA"] ?? "") ?? "" });
  await client.connect();
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  try {
    for (const { agentId, provider, model, payer, answers, cost } of habits) {
      const times = Array.from({ length: days }, (_, ago) => ago).flatMap((ago) =>
        Array.from({ length: answers(ago) }, (_, index) => today - ago * dayMs + index * 60_000),
      );
      const [questions, said] = [times.map(idAt), times.map((time) => idAt(time + 1))];
      const talk = idAt(today - days * dayMs);
      await client.query(live, [workspaceId, agentId, provider, model, payer, cost, questions, said, talk]);
    }
  } finally {
    await client.end();
  }
}

/** Has this person's agents answer for six weeks, by different brains that different people pay; one is deleted since. */
export async function liveForWeeks(person: Person, agentId: string): Promise<void> {
  const { api } = person;
  const names = ["Luna", "Oskar", "Nala, who knows everything about deliveries to remote islands", "Balu"];
  const ids: string[] = [];
  for (const name of names) ids.push((await teach(person, { name })).id);
  const [luna = "", oskar = "", nala = "", balu = ""] = ids;
  const { workspace } = (await (await api.get("/api/v1/me")).json()) as Me;
  const upTo = (most: number) => ({ answers: (ago: number) => (ago * 7 + most) % most });
  await pretendPast(workspace.id, 45, [
    { agentId, ...upTo(17), provider: "openai", model: "gpt-5-mini", payer: "operator", cost: 1_234 },
    { agentId, ...upTo(5), provider: "openai", model: "gpt-5-mini", payer: "own_key", cost: 1_234 },
    { agentId: luna, ...upTo(9), provider: "anthropic", model: "claude-sonnet-4-5", payer: "own_key", cost: 4_100 },
    { agentId: oskar, ...upTo(6), provider: "offline", model: "charlie-offline", payer: "nobody", cost: 0 },
    { agentId: nala, ...upTo(4), provider: "compatible", model: "llama-of-our-own", payer: "own_key", cost: 0 },
    { agentId: balu, ...upTo(3), provider: "openai", model: "gpt-5-mini", payer: "operator", cost: 800 },
  ]);
  await expect(await api.delete(pathOf(deleteAgent, { id: oskar }))).toBeOK();
  // Without a question there would be nothing to tell of today.
  for (let time = 0; time < 6; time += 1) expect(await ask(person, balu, "When do you open?")).toBe(200);
}
