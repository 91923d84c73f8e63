import { randomUUIDv7 } from "node:crypto";
import type { UsageCurrent, UsageHistory, UsageLimits } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { withWorkspace } from "../../db/client.ts";
import { countAgentCreated } from "./index.ts";
import { getUsageHistory } from "./get-usage-history.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const sql = (text: string, values: unknown[]) => app.db.operator.query(text, values);
const dayMs = 24 * 60 * 60 * 1_000;
const today = () => Math.floor(Date.now() / dayMs) * dayMs;

const messagesOn = (client: Client, day: number, value: number) =>
  sql(
    "insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end) values ($1, 'messages', $2, $3, $4)",
    [client.workspaceId, value, new Date(day), new Date(day + dayMs)],
  );

const answeredOn = (client: Client, day: string, tokens: number, costMicros: number) =>
  sql(
    `insert into usage_daily (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out, tokens_cached, cost_micros)
     values ($1, $2, $3, 'openai', 'm', 'operator', 1, $4, 1, 0, $5)`,
    [client.workspaceId, day, randomUUIDv7(), tokens - 1, costMicros],
  );

test("a new workspace has used nothing: the day for messages, the UTC month for the rest", async () => {
  const pat = await app.signUp();
  const { body } = await pat.get<UsageCurrent>("/api/v1/usage/current");
  expect(body.metrics.map(({ metric, value }) => [metric, value])).toEqual([
    ["messages", 0],
    ["tokens", 0],
    ["ai_cost_micros", 0],
    ["agents_created", 0],
    ["own_key_micros", 0],
  ]);
  const [messages, tokens] = body.metrics;
  expect(Date.parse(messages?.periodEnd ?? "") - Date.parse(messages?.periodStart ?? "")).toBe(dayMs);
  expect(messages?.periodStart).toBe(new Date(today()).toISOString());
  const now = new Date();
  expect(tokens?.periodStart).toBe(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)).toISOString());
  expect(tokens?.periodEnd).toBe(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString());
});

test("a paid workspace counts by its paid period, and falls back to the month when that is over", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const start = new Date(Date.now() - 3 * dayMs);
  const end = new Date(Date.now() + 27 * dayMs);
  const setPeriod = (from: Date, to: Date) =>
    sql("update workspaces set period_start = $2, period_end = $3 where id = $1", [pat.workspaceId, from, to]);
  await setPeriod(start, end);
  const paid = (await pat.get<UsageCurrent>("/api/v1/usage/current")).body.metrics[1];
  expect(paid).toMatchObject({ periodStart: start.toISOString(), periodEnd: end.toISOString() });
  await setPeriod(new Date(Date.now() - 40 * dayMs), new Date(Date.now() - dayMs));
  const late = (await pat.get<UsageCurrent>("/api/v1/usage/current")).body.metrics[1];
  expect(late?.periodStart).toMatch(/-01T00:00:00.000Z$/);
});

test("agents made at once are all counted", async () => {
  const pat = await app.signUp();
  await Promise.all(
    Array.from({ length: 10 }, () =>
      withWorkspace(app.db, pat.workspaceId, (tx) => countAgentCreated(tx, pat.workspaceId)),
    ),
  );
  const { body } = await pat.get<UsageCurrent>("/api/v1/usage/current");
  expect(body.metrics[3]).toMatchObject({ metric: "agents_created", value: 10 });
});

test("history by day: zeros filled in, what several agents used on a day is one sum, older days are left out", async () => {
  const pat = await app.signUp();
  const now = new Date("2026-03-01T15:00:00Z");
  const day = Date.parse("2026-03-01");
  await messagesOn(pat, day, 7);
  await messagesOn(pat, day - 2 * dayMs, 5);
  await messagesOn(pat, day - 3 * dayMs, 99);
  await answeredOn(pat, "2026-03-01", 10, 30);
  await answeredOn(pat, "2026-02-28", 13, 30);
  await answeredOn(pat, "2026-02-28", 7, 10);
  await answeredOn(pat, "2026-02-27", 5, 1);
  await answeredOn(pat, "2026-02-26", 500, 500);
  const ctx = app.ctxOf(pat);
  const values = async (metric: UsageHistory["metric"]) =>
    (await getUsageHistory(ctx, { metric, days: 3, by: "day" }, now)).days.map(({ value }) => value);
  expect(await getUsageHistory(ctx, { metric: "messages", days: 3, by: "day" }, now)).toMatchObject({
    metric: "messages",
    days: [
      { day: "2026-02-27", value: 5 },
      { day: "2026-02-28", value: 0 },
      { day: "2026-03-01", value: 7 },
    ],
  });
  expect(await values("tokens")).toEqual([5, 20, 10]);
  expect(await values("ai_cost_micros")).toEqual([1, 40, 30]);
});

test("agents made are counted by day though they were deleted since", async () => {
  const pat = await app.signUp();
  const { body: agent } = await pat.post<{ id: string }>("/api/v1/agents", {
    who: "A baker.",
    rules: "",
    tricks: "Bread.",
  });
  await pat.delete(`/api/v1/agents/${agent.id}`);
  const { body } = await pat.get<UsageHistory>("/api/v1/usage/history?metric=agents_created&days=2");
  expect(body.days.map(({ value }) => value)).toEqual([0, 1]);
});

test("limits stand beside what is used of them", async () => {
  const pat = await app.signUp();
  await messagesOn(pat, today(), 42);
  await pat.post("/api/v1/agents", { who: "A baker.", rules: "", tricks: "Bread." });
  const { body } = await pat.get<UsageLimits>("/api/v1/usage/limits");
  expect(body).toEqual({
    plan: "free",
    messagesPerDay: { used: 42, limit: 100, resetsAt: new Date(today() + dayMs).toISOString() },
    agents: { used: 1, limit: 3, resetsAt: null },
    projects: { used: 1, limit: 1, resetsAt: null },
    aiSpend: null,
  });
  const team = await app.signUp({ plan: "team" });
  expect((await team.get<UsageLimits>("/api/v1/usage/limits")).body.agents.limit).toBeNull();
});

test("a stranger's usage stays theirs, and the days asked for are bounded", async () => {
  const pat = await app.signUp();
  const other = await app.signUp();
  await messagesOn(pat, today(), 9);
  const { body } = await other.get<UsageHistory>("/api/v1/usage/history?days=1");
  expect(body.days).toMatchObject([{ value: 0 }]);
  expect((await other.get("/api/v1/usage/history?days=367")).status).toBe(400);
  expect((await other.get("/api/v1/usage/history?metric=secrets")).status).toBe(400);
  for (const path of ["current", "history", "limits"])
    expect((await app.stranger().get(`/api/v1/usage/${path}`)).status).toBe(401);
});
