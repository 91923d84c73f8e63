import { randomUUIDv7 } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { differences, pretendAnswered } from "./chat.ts";
import { startTestApp, type TestApp } from "./harness.ts";
import { auditEverything } from "../src/features/usage/index.ts";
import { mayPass } from "../src/db/away.ts";
import { asOperator } from "../src/db/client.ts";
import { makeMonths } from "../src/db/months.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const rowsOf = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await app.db.operator.query<Row & object>(text, values)).rows;

/** An id of a clock that shows another time. */
const idAt = (at: Date): string => {
  const hex = at.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}${randomUUIDv7().slice(13)}`;
};

const monthsFromNow = (months: number): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 15));
};

const partitionOf = async (id: string): Promise<string | undefined> =>
  (await rowsOf<{ part: string }>("select tableoid::regclass::text as part from messages where id = $1", [id]))[0]
    ?.part;

const named = (table: string, at: Date): string =>
  `partitions.${table}_${at.toISOString().slice(0, 7).replace("-", "_")}`;

test("a month begins and ends to the millisecond, in UTC", async () => {
  for (const at of ["2026-11-01T00:00:00.000Z", "2026-10-31T23:59:59.999Z", "1970-01-01T00:00:00.001Z"]) {
    const [row] = await rowsOf<{ first: string }>("select first_id($1) as first", [at]);
    expect(row?.first).toBe(idAt(new Date(at)).replace(/-7.*$/, "-0000-0000-000000000000"));
  }
});

test("what a wrong clock wrote is kept, and moves to its month when that is made and its answers have ended", async () => {
  const pat = await app.signUp();
  const { body: agent } = await pat.post<{ id: string }>("/api/v1/agents", { who: "", rules: "", tricks: "" });
  await pretendAnswered(app, pat.workspaceId, agent.id, 2);
  const far = monthsFromNow(3);
  const [talk, question, answer, running] = [far, far, far, far].map(idAt).toSorted() as [string, ...string[]];
  await app.db.operator.query(
    "insert into conversations (id, workspace_id, agent_id, title) values ($1, $2, $3, 'x')",
    [talk, pat.workspaceId, agent.id],
  );
  await app.db.operator.query(
    `with written as (
      insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on)
      select id, $2, $1, 'assistant', 'Yes.', state, $3, current_date
      from (values ($4::uuid, 'complete'), ($5::uuid, 'answering')) as m (id, state)
    ), ledger as (
      insert into usage_events (message_id, workspace_id, counted_on, agent_id, provider, model, tokens_in, tokens_out, tokens_cached, cost_micros, payer, period_start)
      values ($4, $2, current_date, $1, 'offline', 'm', 0, 0, 0, 0, 'nobody', now())
    ), daily as (
      insert into usage_daily (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out, tokens_cached, cost_micros)
      values ($2, current_date, $1, 'offline', 'm', 'nobody', 1, 0, 0, 0, 0)
    ), counted as (
      update usage_metrics set value = value + 2 where workspace_id = $2 and metric_type = 'messages'
    )
    insert into running_answers (message_id, workspace_id, conversation_id, period_start, period_end)
    values ($5, $2, $1, now(), now())`,
    [talk, pat.workspaceId, question, answer, running],
  );
  expect(await partitionOf(String(answer))).toBe("partitions.messages_default");
  const make = () => app.db.operator.query("select make_month($1)", [`${far.toISOString().slice(0, 7)}-01`]);
  expect((await auditEverything(app.db)).outsideMonths).toBe(3);
  await expect(make()).rejects.toMatchObject({ code: "23503" });
  expect(await rowsOf("select message_id from running_answers")).toEqual([{ message_id: running }]);
  expect(await partitionOf(String(running))).toBe("partitions.messages_default");

  await app.db.operator.query("update running_answers set heartbeat_at = now() - interval '1 minute'");
  await app.app.jobs.tasks["sweep_answers"]?.({}, {} as never);
  await make();
  for (const id of [answer, running]) expect(await partitionOf(String(id))).toBe(named("messages", far));
  const ledger = await rowsOf("select tableoid::regclass::text as part from usage_events where message_id = $1", [
    answer,
  ]);
  expect(ledger).toEqual([{ part: named("usage_events", far) }]);
  expect((await auditEverything(app.db)).outsideMonths).toBe(0);
  expect(
    await rowsOf("select from partitions.messages_default union all select from partitions.usage_events_default"),
  ).toEqual([]);
  expect(await differences(app)).toEqual([]);
});

test("months are made once, by any number of servers at once, while answers are written", async () => {
  const pat = await app.signUp();
  const { body: agent } = await pat.post<{ id: string }>("/api/v1/agents", { who: "", rules: "", tricks: "" });
  const next = named("messages", monthsFromNow(2));
  await app.db.operator.query(`alter table messages detach partition ${next}`);
  await app.db.operator.query(`drop table ${next}`);
  // As the queue does: where the locks could not be had, again.
  const make = async (): Promise<void> => {
    await asOperator(app.db, makeMonths).catch(async (error: Error) => {
      if (!mayPass(error)) throw error;
      await make();
    });
  };
  const ask = () => pat.post(`/api/v1/agents/${agent.id}/messages`, { text: "When do you open?" });
  const [, , , ...asked] = await Promise.all([make(), make(), make(), ...Array.from({ length: 12 }, ask)]);
  expect(asked.map(({ status }) => status)).toEqual(Array(12).fill(200));
  expect(await rowsOf("select to_regclass($1)::text as name", [next])).toEqual([{ name: next }]);
});
