import type { Agent, Answer, Problem, UsageLimits } from "@charlie/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { differences, heard, readStream, signInAt, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";
import { startServerProcess } from "../../../test/server-process.ts";
import { sweepAnswers } from "./sweep.ts";

// Many readers and whole servers take their time on a busy machine, and the provider says nothing meanwhile.
vi.setConfig({ testTimeout: 120_000 });

let app: TestApp;
let second: TestApp;
let provider: HeldProvider;
const operatorsKey = "sk-operator-0123456789";
let env: Record<string, string>;
beforeAll(async () => {
  provider = await startHeldProvider();
  env = { OPENAI_API_KEY: operatorsKey, OPENAI_BASE_URL: provider.url };
  const patience = 600_000;
  const timeouts = { firstTextMs: patience, betweenMs: patience, wholeMs: patience };
  const deps = { brainTimings: { offlinePauseMs: 0, timeouts } };
  app = await startTestApp({ env: { ...env, FREE_AI_ALLOWANCE_USD: "1" }, deps });
  second = await startTestApp({ env: { ...env, FREE_AI_ALLOWANCE_USD: "1" }, deps, databaseUrl: app.databaseUrl });
});
afterAll(async () => {
  await second.close();
  await app.close();
  await provider.close();
});

const path = ({ id }: Agent): string => `/api/v1/agents/${id}/messages`;
const limitsOf = async (client: Client) => (await client.get<UsageLimits>("/api/v1/usage/limits")).body.aiSpend;
const setCap = async (client: Client, capMicros: number | null) => {
  const { status, body } = await client.put<UsageLimits>("/api/v1/usage/spend-cap", { capMicros });
  if (status !== 200) throw new Error(JSON.stringify(body));
};

/** An agent on the operator's key that answers up to `most` tokens. */
async function operated(client: Client, most = 1_000): Promise<Agent> {
  const { id } = await teach(client);
  const brain = { provider: "openai", model: "gpt-5-mini", temperature: null, maxOutputTokens: most };
  return (await client.patch<Agent>(`/api/v1/agents/${id}`, { brain })).body;
}

/** What one such answer holds while it runs. All questions of a test are equally long. */
async function holdOf(client: Client, agent: Agent, text: string): Promise<number> {
  const reading = readStream(await client.send("POST", path(agent), { text }));
  const call = await provider.call(text);
  const held = (await limitsOf(client))?.held ?? 0;
  call.cut();
  await reading.parts;
  expect(await limitsOf(client)).toMatchObject({ used: 0, held: 0 });
  return held;
}

const numbered = (word: string, n: number): string => `${word} ${String(n).padStart(3, "0")}`;

test("of 50 answers at once on two servers as many run as the cap pays for, whatever becomes of them", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const there = await signInAt(second.url, pat);
  const agent = await operated(pat);
  const hold = await holdOf(pat, agent, numbered("Probe", 0));
  expect(hold).toBeGreaterThan(2_000);
  const cap = hold * 10 + Math.floor(hold / 2);
  await setCap(pat, cap);

  const ask = (word: string, times: number) =>
    Promise.all(
      Array.from({ length: times }, (_, n) =>
        (n % 2 ? pat : there).send("POST", path(agent), { text: numbered(word, n) }),
      ),
    );
  const replies = await ask("First", 50);
  const running = replies.flatMap((reply, n) => (reply.status === 200 ? [{ reading: readStream(reply), n }] : []));
  expect(running).toHaveLength(10);
  expect(replies.filter(({ status }) => status === 402)).toHaveLength(40);
  expect(await limitsOf(pat)).toMatchObject({ used: 0, held: hold * 10, limit: cap });
  const refused = (await replies.find(({ status }) => status === 402)?.json()) as Problem;
  expect(refused).toMatchObject({
    code: "limit_reached",
    decision: { limit: "aiSpend", plan: "pro", used: 0, allowed: cap, spend: { neededMicros: hold } },
  });
  expect(refused.detail).toContain("answers that are running now could take the rest");

  // Four cost all that they can, three fail, two stay, one is stopped before its first word.
  const [dear, failed, open, stopped] = [running.slice(0, 4), running.slice(4, 7), running.slice(7, 9), running[9]!];
  for (const { n } of dear) {
    const call = await provider.call(numbered("First", n));
    call.say("Dear.");
    call.finish({ in: 1e6, out: 1_000 });
  }
  for (const { n } of failed) (await provider.call(numbered("First", n))).cut();
  await Promise.all([...dear, ...failed].map(({ reading }) => reading.parts));
  const { rows } = await app.db.operator.query<{ id: string }>(
    "select m.id from messages m join messages q on q.id = m.reply_to where q.text = $1 and m.workspace_id = $2",
    [numbered("First", stopped.n), pat.workspaceId],
  );
  await pat.post(`/api/v1/messages/${rows[0]?.id}/stop`, {});
  await stopped.reading.parts;
  const now = await limitsOf(pat);
  expect(now).toMatchObject({ held: hold * 2 });
  const { rows: costs } = await app.db.operator.query<{ given: number; kept: number }>(
    `select coalesce(sum(cost_micros) filter (where given_back), 0)::bigint as given,
       coalesce(sum(cost_micros) filter (where not given_back), 0)::bigint as kept
     from usage_events where workspace_id = $1`,
    [pat.workspaceId],
  );
  const { given, kept } = costs[0] ?? { given: 0, kept: 0 };
  expect(given).toBeGreaterThan(0);
  expect(given).toBeLessThan(hold);
  expect(kept).toBeLessThanOrEqual(hold * 4);
  expect(kept).toBeGreaterThan(hold * 3);
  expect(now?.used).toBe(given + kept);
  expect(await differences(app)).toEqual([]);

  // What was given back can be had again, and no more.
  const again = await ask("Again", 50);
  expect(again.filter(({ status }) => status === 200)).toHaveLength(
    Math.floor((cap - (now?.used ?? 0) - hold * 2) / hold),
  );
  const last = again.flatMap((reply, n) => (reply.status === 200 ? [{ reading: readStream(reply), n }] : []));
  for (const [word, all] of [
    ["First", open],
    ["Again", last],
  ] as const) {
    for (const { n } of all) {
      const call = await provider.call(numbered(word, n));
      call.say("Yes.");
      call.finish({ in: 10, out: 1_000 });
    }
  }
  const ended = await Promise.all([...open, ...last].map(({ reading }) => reading.parts));
  expect(new Set(ended.map((parts) => heard(parts).state))).toEqual(new Set(["complete"]));
  const end = await limitsOf(pat);
  expect(end?.held).toBe(0);
  expect(end?.used).toBeLessThanOrEqual(cap);
  expect(await differences(app)).toEqual([]);
});

test("a provider that ignores the longest answer goes past the cap by what it wrote too much, and no further", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const agent = await operated(pat);
  const hold = await holdOf(pat, agent, "Too much 0?");
  await setCap(pat, hold);
  const reading = readStream(await pat.send("POST", path(agent), { text: "Too much 1?" }));
  const call = await provider.call("Too much 1?");
  call.say("Much.");
  call.finish({ in: 999_999_999, out: 999_999_999 });
  const { usage } = heard(await reading.parts);
  // gpt-5-mini: $0.25 for a million tokens in, $2 out. 1,000 tokens were allowed, 16 × as many characters are taken.
  expect(usage?.costMicros).toBe(hold - 1_000 * 2 + 16_384 * 2);
  expect((await pat.post<Problem>(path(agent), { text: "Too much 2?" })).body.code).toBe("limit_reached");
  expect(await limitsOf(pat)).toMatchObject({ used: usage?.costMicros, held: 0, full: true });
  expect(await differences(app)).toEqual([]);
});

test("a server killed mid-answer gives back what it held, and the next question has room", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const agent = await operated(pat);
  const hold = await holdOf(pat, agent, "Killed 0?");
  await setCap(pat, hold);
  const server = await startServerProcess(app.databaseUrl, env);
  const there = await signInAt(server.url, pat);
  const reading = readStream(await there.send("POST", path(agent), { text: "Killed 1?" }));
  const call = await provider.call("Killed 1?");
  call.say("Half");
  await reading.until("Half");
  await server.kill();
  await reading.parts;
  const refused = await pat.post<Problem>(path(agent), { text: "Killed 2?" });
  expect([refused.status, refused.body.decision?.spend]).toEqual([402, { heldMicros: hold, neededMicros: hold }]);
  await app.db.operator.query(
    "update running_answers set heartbeat_at = heartbeat_at - interval '31 seconds' where workspace_id = $1",
    [pat.workspaceId],
  );
  await sweepAnswers({ db: app.db, log: app.app.fastify.log });
  expect(await limitsOf(pat)).toMatchObject({ used: 0, held: 0 });
  const next = readStream(await pat.send("POST", path(agent), { text: "Killed 3?" }));
  expect(next.status).toBe(200);
  (await provider.call("Killed 3?")).cut();
  await next.parts;
  expect(await differences(app)).toEqual([]);
});

test("Free has the operator's allowance; own keys and the practice brain hold nothing and are never refused", async () => {
  const pat = await app.signUp();
  const agent = await operated(pat, 32_000);
  expect(await limitsOf(pat)).toMatchObject({ limit: 1_000_000, most: 1_000_000, own: null });
  await setCap(pat, 10);
  const refused = await pat.post<Problem>(path(agent), { text: "Free?" });
  expect(refused).toMatchObject({
    status: 402,
    body: {
      decision: {
        limit: "aiSpend",
        plan: "free",
        allowed: 10,
        next: { plan: "pro", allowed: 200_000_000, monthlyCents: 2900 },
        helps: ["raise_cap", "own_key", "upgrade", "wait"],
      },
    },
  });
  expect(refused.body.detail).toMatch(/It was not asked, and cost nothing/);
  const offline = { provider: "offline", model: null, temperature: null, maxOutputTokens: null };
  await pat.patch(`/api/v1/agents/${agent.id}`, { brain: offline });
  expect((await pat.post<Answer>(path(agent), { text: "When do you open?" })).status).toBe(200);
  const theirs = await teach(pat, provider);
  const reading = readStream(await pat.send("POST", path(theirs), { text: "My own key?" }));
  const call = await provider.call("My own key?");
  expect(await limitsOf(pat)).toMatchObject({ held: 0 });
  call.say("Yes.");
  call.finish();
  expect(heard(await reading.parts).usage).toMatchObject({ payer: "own_key", costMicros: 0, ownKeyMicros: null });
  expect(await differences(app)).toEqual([]);
});

test("an answer that runs into a new billing period is paid from the one that held it", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const agent = await operated(pat);
  const reading = readStream(await pat.send("POST", path(agent), { text: "Past midnight?" }));
  const call = await provider.call("Past midnight?");
  const before = await limitsOf(pat);
  await app.db.operator.query(
    "update workspaces set period_start = now(), period_end = now() + interval '30 days' where id = $1",
    [pat.workspaceId],
  );
  expect(await limitsOf(pat)).toMatchObject({ used: 0, held: 0 });
  call.say("Yes.");
  call.finish({ in: 100, out: 100 });
  const { usage } = heard(await reading.parts);
  const { rows } = await app.db.operator.query(
    "select value, reserved, period_end from usage_metrics where workspace_id = $1 and metric_type = 'ai_cost_micros'",
    [pat.workspaceId],
  );
  expect(rows).toEqual([{ value: usage?.costMicros, reserved: 0, period_end: new Date(before?.resetsAt ?? "") }]);
  expect(usage?.costMicros).toBe(25 + 200);
  expect(await limitsOf(pat)).toMatchObject({ used: 0, held: 0 });
  expect(await differences(app)).toEqual([]);
});
