import { randomUUIDv7 } from "node:crypto";
import type { Agent, UsageHistory, UsagePart } from "@charlie/contract";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askToEnd, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { exportUsage } from "./export-usage.ts";
import { getUsageHistory } from "./get-usage-history.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
const sql = (text: string, values: unknown[] = []) => app.db.operator.query(text, values);

interface Used {
  day: string;
  agent: string;
  model?: string;
  payer?: "own_key" | "operator" | "nobody";
  messages?: number;
  cost?: number;
  /** Of the cost; all of it where nothing else is said. */
  charged?: number;
}

const use = (
  client: Client,
  { day, agent, model = "m", payer = "operator", messages = 1, cost = 0, charged = cost }: Used,
) =>
  sql(
    `insert into usage_daily (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out,
      tokens_cached, cost_micros, own_key_micros, passed_on_micros)
    values ($1, $2, $3, 'openai', $4, $5, $6::bigint, $6::bigint * 10, $6::bigint * 3, $6::bigint, $7, $8, $9)
    on conflict (workspace_id, day, agent_id, provider, model, payer) do update set messages = excluded.messages,
      tokens_in = excluded.tokens_in, tokens_out = excluded.tokens_out, tokens_cached = excluded.tokens_cached,
      cost_micros = excluded.cost_micros, own_key_micros = excluded.own_key_micros,
      passed_on_micros = excluded.passed_on_micros`,
    [
      client.workspaceId,
      day,
      agent,
      model,
      payer,
      messages,
      payer === "operator" ? cost : 0,
      payer === "own_key" ? cost : 0,
      payer === "operator" ? charged : 0,
    ],
  );

const partsOf = async (client: Client, by: "day" | "agent" | "model", days: number, now: string) =>
  (await getUsageHistory(app.ctxOf(client), { metric: "messages", days, by }, new Date(now))).parts;

const rowsOf = (text: string): string[][] =>
  text
    .slice(1)
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));

async function agentNamed(client: Client, name: string): Promise<string> {
  const { body } = await client.post<Agent>("/api/v1/agents", { name, who: "A baker.", rules: "", tricks: "" });
  return body.id;
}

test("by agent: the busiest first, each payer apart; frozen and deleted ones keep their name and say what they are", async () => {
  const pat = await app.signUp();
  const [awake, frozen, deleted] = [
    await agentNamed(pat, "Bruno"),
    await agentNamed(pat, "Luna"),
    await agentNamed(pat, "Oskar"),
  ];
  const gone = randomUUIDv7();
  await sql("update agents set frozen_at = now() where id = $1", [frozen]);
  expect((await pat.delete(`/api/v1/agents/${deleted}`)).status).toBe(204);
  await use(pat, { day: "2026-02-28", agent: awake, messages: 2 });
  await use(pat, { day: "2026-03-01", agent: awake, messages: 3, cost: 5 });
  await use(pat, { day: "2026-03-01", agent: awake, payer: "own_key", messages: 4, cost: 8 });
  await use(pat, { day: "2026-03-01", agent: frozen, messages: 9 });
  await use(pat, { day: "2026-03-01", agent: deleted, messages: 1 });
  await use(pat, { day: "2026-02-27", agent: gone, messages: 50 });
  const parts = await partsOf(pat, "agent", 3, "2026-03-01T12:00:00Z");
  expect(parts.map(({ agent, payer, messages }) => [agent?.name, agent?.state, payer, messages])).toEqual([
    ["An agent that is gone", "deleted", "operator", 50],
    ["Luna", "frozen", "operator", 9],
    ["Bruno", "awake", "operator", 5],
    ["Bruno", "awake", "own_key", 4],
    ["Oskar", "deleted", "operator", 1],
  ]);
  expect(parts[3]).toEqual({
    day: null,
    agent: { id: awake, name: "Bruno", state: "awake" },
    brain: null,
    payer: "own_key",
    messages: 4,
    tokensIn: 40,
    tokensOut: 12,
    tokensCached: 4,
    costMicros: 0,
    passedOnMicros: 0,
    ownKeyMicros: 8,
  });
});

test("days are UTC days and end with today: at midnight, at the end of February, and in a leap year", async () => {
  const pat = await app.signUp();
  const agent = randomUUIDv7();
  const days = ["2026-02-27", "2026-02-28", "2026-03-01", "2028-02-28", "2028-02-29", "2028-03-01", "2026-12-31"];
  for (const day of days) await use(pat, { day, agent });
  const seen = async (now: string, count: number) => {
    const history = await getUsageHistory(app.ctxOf(pat), { metric: "tokens", days: count, by: "day" }, new Date(now));
    expect(history.firstDay).toBe("2026-02-27");
    return [history.days.map(({ day }) => day.slice(5)), history.parts.map(({ day }) => day?.slice(5))];
  };
  const february = ["02-27", "02-28"];
  expect(await seen("2026-02-28T23:59:59.999Z", 2)).toEqual([february, february]);
  expect(await seen("2026-03-01T00:00:00.000Z", 2)).toEqual([
    ["02-28", "03-01"],
    ["02-28", "03-01"],
  ]);
  expect(await seen("2028-03-01T08:00:00.000Z", 3)).toEqual([
    ["02-28", "02-29", "03-01"],
    ["02-28", "02-29", "03-01"],
  ]);
  expect(await seen("2027-01-01T00:00:00.001Z", 2)).toEqual([["12-31", "01-01"], ["12-31"]]);
});

test("a workspace without an answer has no first day; one that is a day old has one day and nothing before", async () => {
  const pat = await app.signUp();
  const read = async () => (await pat.get<UsageHistory>("/api/v1/usage/history?days=7&by=day")).body;
  expect(await read()).toMatchObject({ firstDay: null, parts: [] });
  const { id } = await teach(pat);
  await askToEnd(pat, id, { text: "When do you open?" });
  const today = new Date().toISOString().slice(0, 10);
  const history = await read();
  expect(history.firstDay).toBe(today);
  expect(history.days.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 0, 1]);
  expect(history.parts).toMatchObject([{ day: today, agent: null, brain: null, payer: "nobody", messages: 1 }]);
  const byModel = (await pat.get<UsageHistory>("/api/v1/usage/history?by=model")).body.parts;
  expect(byModel).toMatchObject([{ day: null, brain: { provider: "offline", model: "charlie-offline" }, messages: 1 }]);
  expect((await pat.get("/api/v1/usage/history?by=visitor")).status).toBe(400);
});

test("what was used stands when its messages are gone", async () => {
  const pat = await app.signUp();
  const { id } = await teach(pat);
  for (const text of ["When do you open?", "And on Sundays?"]) await askToEnd(pat, id, { text });
  const [ctx, now] = [app.ctxOf(pat), new Date()];
  const read = async () => [
    await getUsageHistory(ctx, { metric: "messages", days: 2, by: "agent" }, now),
    await exportUsage(ctx, { days: 2 }, now),
  ];
  const before = await read();
  await sql("delete from usage_events where workspace_id = $1", [pat.workspaceId]);
  await sql("delete from messages where workspace_id = $1", [pat.workspaceId]);
  expect(await read()).toEqual(before);
  expect(before[0]).toMatchObject({ parts: [{ messages: 2 }] });
});

test("the file: a download of UTC days, newest first, cost to the micro-dollar, names that run nothing", async () => {
  const pat = await app.signUp();
  const agent = await agentNamed(pat, "Bruno");
  const wicked = await agentNamed(pat, '=HYPERLINK("http://x";"Prize")');
  await pat.delete(`/api/v1/agents/${wicked}`);
  await use(pat, { day: "2026-02-28", agent, messages: 7, cost: 1_234_567, charged: 1_200_000 });
  await use(pat, { day: "2026-03-01", agent, payer: "own_key", messages: 2, cost: 420 });
  await use(pat, { day: "2026-03-01", agent: wicked, model: "@SUM(1)", messages: 3 });
  await use(pat, { day: "2026-02-26", agent, messages: 99 });
  const { name, text } = await exportUsage(app.ctxOf(pat), { days: 3 }, new Date("2026-03-01T00:00:00Z"));
  expect(name).toBe("charlie-usage-2026-02-27-to-2026-03-01.csv");
  expect(text.split("\r\n").slice(1)).toEqual([
    `2026-03-01,"'=HYPERLINK(""http://x"";""Prize"")",${wicked},deleted,openai,'@SUM(1),this service,3,30,9,3,0.000000,0.000000,0.000000`,
    `2026-03-01,Bruno,${agent},awake,openai,m,your own key,2,20,6,2,0.000000,0.000420,0.000000`,
    `2026-02-28,Bruno,${agent},awake,openai,m,this service,7,70,21,7,1.234567,0.000000,1.200000`,
    "",
  ]);
  const today = new Date().toISOString().slice(0, 10);
  const response = await pat.send("GET", "/api/v1/usage/export?days=1");
  expect([
    response.status,
    response.headers.get("content-type"),
    response.headers.get("content-disposition"),
    response.headers.get("cache-control"),
  ]).toEqual([
    200,
    "text/csv; charset=utf-8",
    `attachment; filename="charlie-usage-${today}-to-${today}.csv"`,
    "no-store",
  ]);
  expect((await pat.send("GET", "/api/v1/usage/export?days=367")).status).toBe(400);
  expect((await app.stranger().send("GET", "/api/v1/usage/export")).status).toBe(401);
  expect(
    (await (await (await app.signUp()).send("GET", "/api/v1/usage/export?days=366")).text()).split("\r\n"),
  ).toHaveLength(2);
});

test("every breakdown and the file add up to the same, whatever was used when, by whom and who paid", async () => {
  const agents = Array.from({ length: 3 }, () => randomUUIDv7());
  const number = fc.integer({ min: 0, max: 2 ** 40 });
  const used = fc.record({
    day: fc.integer({ min: 20, max: 31 }).map((day) => `2026-01-${day}`),
    agent: fc.constantFrom(...agents),
    model: fc.constantFrom("m", "n"),
    payer: fc.constantFrom("own_key", "operator", "nobody"),
    messages: fc.integer({ min: 1, max: 5_000 }),
    cost: number,
    free: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const chargedOf = ({ payer, cost, free }: { payer: string; cost: number; free: number }) =>
    payer === "operator" ? cost - Math.round(cost * free) : 0;
  const same = ({ day, agent, model, payer }: Used) => [day, agent, model, payer].join();
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(used, { selector: same, maxLength: 12 }),
      fc.integer({ min: 1, max: 12 }),
      async (rows, count) => {
        const pat = await app.signUp();
        for (const row of rows) await use(pat, { ...row, charged: chargedOf(row) });
        const shown = rows.filter(({ day }) => Number(day.slice(8)) > 31 - count);
        const total = (parts: UsagePart[]) =>
          (["messages", "costMicros", "ownKeyMicros", "passedOnMicros"] as const).map((key) =>
            parts.reduce((sum, part) => sum + part[key], 0),
          );
        const costOf = (who: string) =>
          shown.reduce((sum, { payer, cost }) => sum + (payer === who ? (cost ?? 0) : 0), 0);
        const expected = [
          shown.reduce((sum, { messages }) => sum + (messages ?? 0), 0),
          costOf("operator"),
          costOf("own_key"),
          shown.reduce((sum, row) => sum + chargedOf(row), 0),
        ];
        const now = "2026-01-31T23:59:59.999Z";
        for (const by of ["day", "agent", "model"] as const)
          expect(total(await partsOf(pat, by, count, now))).toEqual(expected);
        const { text } = await exportUsage(app.ctxOf(pat), { days: count }, new Date(now));
        const lines = rowsOf(text).slice(1);
        expect(lines).toHaveLength(shown.length);
        const column = (at: number) => lines.reduce((sum, line) => sum + Number(line[at]), 0);
        const money = [11, 12, 13].map((at) => Math.round(column(at) * 1e6));
        expect([column(7), ...money]).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});
