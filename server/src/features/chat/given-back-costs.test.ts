import type { Agent, Message, Problem, UsageLimits } from "@charlie/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { counted, differences, heard, readStream, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";

vi.setConfig({ testTimeout: 120_000 });

let app: TestApp;
let provider: HeldProvider;
beforeAll(async () => {
  provider = await startHeldProvider();
  const patience = 600_000;
  const timeouts = { firstTextMs: patience, betweenMs: patience, wholeMs: patience };
  app = await startTestApp({
    env: { OPENAI_API_KEY: "sk-operator-0123456789", OPENAI_BASE_URL: provider.url, FREE_AI_ALLOWANCE_USD: "0.05" },
    deps: { brainTimings: { timeouts } },
  });
});
afterAll(async () => {
  await app.close();
  await provider.close();
});

const path = ({ id }: Agent): string => `/api/v1/agents/${id}/messages`;

/** An agent on the operator's key: $2 for a million tokens in, $8 out. */
async function operated(client: Client): Promise<Agent> {
  const { id } = await teach(client);
  const brain = { provider: "openai", model: "gpt-4.1", temperature: null, maxOutputTokens: 200 };
  return (await client.patch<Agent>(`/api/v1/agents/${id}`, { brain })).body;
}

interface Ledger {
  cost: number;
  passed: boolean;
  given: boolean;
  estimated: boolean;
  period: Date;
}

async function ledgerOf({ workspaceId }: Client): Promise<Ledger[]> {
  const { rows } = await app.db.operator.query<Ledger>(
    `select cost_micros as cost, passed_on as passed, given_back as given, estimated, period_start as period
     from usage_events where workspace_id = $1 order by message_id`,
    [workspaceId],
  );
  return rows;
}

const setPlan = ({ workspaceId }: Client, plan: string) =>
  app.db.operator.query(
    `update workspaces set plan = $2, period_start = case when $2 <> 'free' then now() end,
       period_end = case when $2 <> 'free' then now() + interval '30 days' end where id = $1`,
    [workspaceId, plan],
  );

/** Asks and presses stop once the question has reached the provider. */
async function stopped(client: Client, response: Response, text: string): Promise<void> {
  const reading = readStream(response);
  await provider.call(text);
  const { rows } = await app.db.operator.query<{ id: string }>(
    "select message_id as id from running_answers where workspace_id = $1",
    [client.workspaceId],
  );
  const { body } = await client.post<Message>(`/api/v1/messages/${rows[0]?.id}/stop`, {});
  expect(body).toMatchObject({ state: "failed", usage: null });
  expect(heard(await reading.parts)).toMatchObject({ state: "failed", failure: { code: "stopped" } });
}

/** Asks, and the provider counts tokens and says nothing, as one whose thoughts used up the longest answer does. */
async function wordless(response: Response, text: string, tokensIn = 700): Promise<void> {
  const reading = readStream(response);
  (await provider.call(text)).finish({ in: tokensIn, out: 200 });
  expect(heard(await reading.parts)).toMatchObject({ state: "failed", failure: { code: "empty" } });
}

test("answers stopped before their first word, and answers without one, use up the allowance: then it is 402", async () => {
  const pat = await app.signUp();
  const agent = await operated(pat);
  let refused: Response | undefined;
  for (let n = 0; n < 40 && !refused; n += 1) {
    const text = `${String(n).padStart(2, "0")} ${"words ".repeat(450)}`.trim();
    const response = await pat.send("POST", path(agent), { text });
    if (response.status !== 200) refused = response;
    else await (n % 2 ? wordless(response, text) : stopped(pat, response, text));
  }
  const { decision } = (await refused!.json()) as Problem;
  expect([refused!.status, decision?.limit]).toEqual([402, "aiSpend"]);
  const rows = await ledgerOf(pat);
  expect(rows.map(({ given, passed }) => [given, passed])).toEqual(rows.map(() => [true, false]));
  // As the provider counted: 700 × $2 + 200 × $8 for a million. Of a stopped one the prompt is estimated.
  expect(rows.filter(({ estimated }) => !estimated).map(({ cost }) => cost)).toEqual(
    Array(Math.floor(rows.length / 2)).fill(3_000),
  );
  expect(Math.min(...rows.map(({ cost }) => cost))).toBeGreaterThan(1_000);
  const used = rows.reduce((sum, { cost }) => sum + cost, 0);
  const { aiSpend } = (await pat.get<UsageLimits>("/api/v1/usage/limits")).body;
  expect(aiSpend).toMatchObject({ used, held: 0, limit: 50_000 });
  expect(used).toBeLessThanOrEqual(50_000);
  expect(used + (decision?.spend?.neededMicros ?? 0)).toBeGreaterThan(50_000);
  // The messages themselves were given back.
  expect(await counted(app, pat.workspaceId)).toBe(0);
  expect(await differences(app)).toEqual([]);
});

test("on a paid plan what was given back counts for the cap, and is not passed on", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const agent = await operated(pat);
  await wordless(await pat.send("POST", path(agent), { text: "Nothing?" }), "Nothing?", 100);
  expect(await ledgerOf(pat)).toMatchObject([{ cost: 1_800, passed: false, given: true }]);
  expect((await pat.get<UsageLimits>("/api/v1/usage/limits")).body.aiSpend).toMatchObject({ used: 1_800, held: 0 });
  expect(await differences(app)).toEqual([]);
  // It can neither be billed nor be taken for an answer.
  const change = (what: string) =>
    app.db.operator.query(`update usage_events set ${what} where workspace_id = $1`, [pat.workspaceId]);
  await expect(change("passed_on = true")).rejects.toThrow("usage_events_check");
  await change("given_back = false");
  expect((await differences(app)).map(({ invariant, expected, found }) => [invariant, expected, found])).toEqual([
    ["daily_rows", 1, 0],
    ["ledger_rows", 0, 1],
    ["messages_counter", 1, 0],
  ]);
  await change("given_back = true");
});

test.each([
  ["upgrade", "free", "pro", false],
  ["cancel", "pro", "free", true],
] as const)("%s in mid-answer changes neither its period nor who pays", async (_, from, to, passed) => {
  const pat = await app.signUp();
  await setPlan(pat, from);
  const agent = await operated(pat);
  const text = `${from} to ${to}?`;
  const reading = readStream(await pat.send("POST", path(agent), { text }));
  const call = await provider.call(text);
  const { rows } = await app.db.operator.query<{ period: Date; passed: boolean }>(
    "select period_start as period, passed_on as passed from running_answers where workspace_id = $1",
    [pat.workspaceId],
  );
  expect(rows[0]?.passed).toBe(passed);
  await setPlan(pat, to);
  call.say("Yes.");
  call.finish({ in: 100, out: 100 });
  expect(heard(await reading.parts)).toMatchObject({ state: "complete", usage: { costMicros: 1_000 } });
  expect(await ledgerOf(pat)).toMatchObject([{ cost: 1_000, passed, given: false, period: rows[0]?.period }]);
  const daily = await app.db.operator.query(
    "select passed_on_micros as micros from usage_daily where workspace_id = $1",
    [pat.workspaceId],
  );
  expect(daily.rows).toEqual([{ micros: passed ? 1_000 : 0 }]);
  expect(await differences(app)).toEqual([]);
});
