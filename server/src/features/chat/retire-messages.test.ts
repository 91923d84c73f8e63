import { randomUUIDv7 } from "node:crypto";
import type { Conversation } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { conversationOf, differences, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { withWorkspace } from "../../db/client.ts";
import { findDifferences } from "../usage/index.ts";
import { retireMessages } from "./retire-messages.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const rowsOf = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await app.db.operator.query<Row & object>(text, values)).rows;
const none = { info: () => {} };

/** The middle of the month so many months ago. */
const monthsAgo = (months: number): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 15));
};
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
const firstOf = (at: Date): string => `${at.toISOString().slice(0, 7)}-01`;
let ticks = 0;
/** Ids of a moment, each after the one before. */
const idAt = (at: Date): string => {
  ticks += 1;
  const hex = (at.getTime() + ticks).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}${randomUUIDv7().slice(13)}`;
};

/** Answers of that time, with all that makes them true; continues a conversation, or begins one. */
async function answeredAt(
  client: Client,
  agentId: string,
  at: Date,
  answers: number,
  talk = idAt(at),
): Promise<string> {
  const pairs = Array.from({ length: answers }, () => [idAt(at), idAt(at)] as const);
  await app.db.operator.query(
    `with talk as (
      insert into conversations (id, workspace_id, agent_id, title, updated_at) values ($1, $2, $3, 'Then', $6)
      on conflict (id) do update set updated_at = excluded.updated_at
    ), pair as (select * from unnest($4::uuid[], $5::uuid[]) as pair (question, answer)
    ), written as (
      insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on)
      select question, $2::uuid, $1::uuid, 'user', 'When?', 'complete', null, null from pair
      union all select answer, $2, $1, 'assistant', 'At 8.', 'complete', question, $7::date from pair
    ), ledger as (
      insert into usage_events (message_id, workspace_id, counted_on, agent_id, provider, model, tokens_in, tokens_out, tokens_cached, cost_micros, payer, period_start)
      select answer, $2, $7, $3, 'openai', 'm', 0, 0, 0, 2, 'operator', $8 from pair
    ), daily as (
      insert into usage_daily as d (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out, tokens_cached, cost_micros)
      select $2, $7, $3, 'openai', 'm', 'operator', count(*), 0, 0, 0, 2 * count(*) from pair having count(*) > 0
      on conflict (workspace_id, day, agent_id, provider, model, payer)
      do update set messages = d.messages + excluded.messages, cost_micros = d.cost_micros + excluded.cost_micros
    )
    insert into usage_metrics as u (workspace_id, metric_type, value, period_start, period_end)
    select $2::uuid, kind.metric, kind.value, kind.period, $6::timestamptz
    from (values ('messages', $9::int, $7::timestamp at time zone 'UTC'), ('ai_cost_micros', 2 * $9::int, $8::timestamptz))
      as kind (metric, value, period)
    on conflict (workspace_id, metric_type, period_start) do update set value = u.value + excluded.value`,
    [
      talk,
      client.workspaceId,
      agentId,
      pairs.map(([q]) => q),
      pairs.map(([, a]) => a),
      at,
      dayOf(at),
      firstOf(at),
      answers,
    ],
  );
  return talk;
}

const partitions = async (): Promise<string[]> =>
  (
    await rowsOf<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'partitions'::regnamespace and relkind = 'r' order by 1",
    )
  ).map(({ name }) => name);
const named = (table: string, at: Date): string => `${table}_${dayOf(at).slice(0, 7).replace("-", "_")}`;

test("old months go, with the conversations that end in them; what they cost stays, and the books agree", async () => {
  const [pat, kim] = [await app.signUp(), await app.signUp()];
  const [agent, hers] = [await teach(pat), await teach(kim)];
  for (const months of [2, 3, 4]) await app.db.operator.query("select make_month($1)", [firstOf(monthsAgo(months))]);
  const gone = await answeredAt(pat, agent.id, monthsAgo(4), 3);
  const goesOn = await answeredAt(pat, agent.id, monthsAgo(3), 2);
  await answeredAt(pat, agent.id, monthsAgo(1), 1, goesOn);
  await answeredAt(kim, hers.id, monthsAgo(3), 4);
  // A clock that was a year behind: no month was made for it.
  await answeredAt(kim, hers.id, monthsAgo(16), 1);
  await pat.post(`/api/v1/agents/${agent.id}/messages`, { text: "And now?" });
  expect(await differences(app)).toEqual([]);
  const ledger = await rowsOf("select * from usage_events order by message_id");
  const usage = (await pat.get("/api/v1/usage/history?metric=ai_cost_micros&days=366")).body;

  expect(await retireMessages({ db: app.db, log: none }, 2)).toBe(2);
  const left = await partitions();
  expect(left).toContain(named("messages", monthsAgo(2)));
  for (const months of [3, 4]) {
    expect(left).not.toContain(named("messages", monthsAgo(months)));
    expect(left).toContain(named("usage_events", monthsAgo(months)));
  }
  expect(left.filter((name) => name.startsWith("retiring"))).toEqual([]);
  expect((await pat.get(`/api/v1/conversations/${gone}`)).status).toBe(404);
  expect((await conversationOf(pat, goesOn)).messages).toHaveLength(2);
  expect(
    await rowsOf("select workspace_id, month::text, answers from retired_messages order by month, answers"),
  ).toEqual([
    { workspace_id: kim.workspaceId, month: firstOf(monthsAgo(16)), answers: 1 },
    { workspace_id: pat.workspaceId, month: firstOf(monthsAgo(4)), answers: 3 },
    { workspace_id: pat.workspaceId, month: firstOf(monthsAgo(3)), answers: 2 },
    { workspace_id: kim.workspaceId, month: firstOf(monthsAgo(3)), answers: 4 },
  ]);
  expect(await rowsOf("select * from usage_events order by message_id")).toEqual(ledger);
  expect((await pat.get("/api/v1/usage/history?metric=ai_cost_micros&days=366")).body).toEqual(usage);
  expect(await differences(app)).toEqual([]);
  expect(await withWorkspace(app.db, pat.workspaceId, findDifferences)).toEqual([]);

  // What was forgotten can be gone on with, and a second run finds nothing to do.
  const { status } = await pat.post(`/api/v1/agents/${agent.id}/messages`, { text: "Still?", conversationId: goesOn });
  expect(status).toBe(200);
  expect(await retireMessages({ db: app.db, log: none }, 2)).toBe(0);
  expect((await pat.get<Conversation>(`/api/v1/conversations/${goesOn}`)).body.messages).toHaveLength(4);

  // A ledger row that is missing in a retired month is still found.
  await app.db.operator.query("delete from usage_events where workspace_id = $1 and counted_on = $2", [
    kim.workspaceId,
    dayOf(monthsAgo(16)),
  ]);
  expect((await differences(app)).map(({ invariant }) => invariant)).toContain("retired_answers");
});

test("an answer that runs holds its month back, and a run that broke off half-way is gone on with", async () => {
  const other = await startTestApp();
  const saved = app;
  app = other;
  try {
    const pat = await app.signUp();
    const agent = await teach(pat);
    const then = monthsAgo(3);
    await app.db.operator.query("select make_month($1)", [firstOf(then)]);
    const talk = await answeredAt(pat, agent.id, then, 2);
    const [question, answer] = [idAt(then), idAt(then)];
    await app.db.operator.query(
      `with asked as (
        insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on)
        values ($1, $2, $3, 'assistant', '', 'answering', $4, $5)
      ), counted as (
        update usage_metrics set value = value + 1 where workspace_id = $2 and metric_type = 'messages'
      )
      insert into running_answers (message_id, workspace_id, conversation_id, heartbeat_at, period_start, period_end)
      values ($1, $2, $3, now() - interval '1 minute', now(), now())`,
      [answer, pat.workspaceId, talk, question, dayOf(then)],
    );
    const services = { db: app.db, log: none };
    await expect(retireMessages(services, 2)).rejects.toThrow();
    expect(await differences(app)).toEqual([]);
    await app.app.jobs.tasks["sweep_answers"]?.({}, {} as never);

    // The count cannot be written: the month is out of sight, and nothing is lost or wrong.
    await app.db.operator.query("alter table retired_messages add constraint no_counts check (answers is null)");
    await expect(retireMessages(services, 2)).rejects.toThrow();
    expect(await partitions()).toContain(`retiring_${named("messages", then)}`);
    expect(await differences(app)).toEqual([]);
    await app.db.operator.query("alter table retired_messages drop constraint no_counts");
    expect(await retireMessages(services, 2)).toBe(1);
    expect(await rowsOf("select month::text, answers from retired_messages")).toEqual([
      { month: firstOf(then), answers: 2 },
    ]);
    expect(await differences(app)).toEqual([]);
  } finally {
    app = saved;
    await other.close();
  }
});
