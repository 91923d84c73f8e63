import type { Agent, Answer, Problem } from "@charlie/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ask, counted, differences, heard, pretendAnswered, readStream, signInAt, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";

// Hundreds of readers take their time on a busy machine, and the provider says nothing meanwhile.
vi.setConfig({ testTimeout: 120_000 });

let app: TestApp;
let second: TestApp;
let provider: HeldProvider;
beforeAll(async () => {
  const patience = 600_000;
  const timeouts = { firstTextMs: patience, betweenMs: patience, wholeMs: patience };
  const deps = { brainTimings: { offlinePauseMs: 0, timeouts } };
  app = await startTestApp({ deps });
  second = await startTestApp({ deps, databaseUrl: app.databaseUrl });
  provider = await startHeldProvider();
});
afterAll(async () => {
  await second.close();
  await app.close();
  await provider.close();
});

const path = ({ id }: Agent): string => `/api/v1/agents/${id}/messages`;

/** Asks until the server has room: on a very busy machine 200 at once can wait too long for a database connection. */
async function insist(client: Client, agent: Agent, text: string): Promise<Response> {
  for (;;) {
    const reply = await client.send("POST", path(agent), { text });
    if (reply.status !== 503) return reply;
    await reply.text();
  }
}

test("of 200 parallel messages on two servers exactly 100 are accepted, and 10 more after 10 of them failed", async () => {
  const pat = await app.signUp();
  const there = await signInAt(second.url, pat);
  const agent = await teach(pat, provider);
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, n) => insist(n % 2 ? pat : there, agent, `Question ${n}`)),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 402]));
  const accepted = replies.flatMap((reply, n) => (reply.status === 200 ? [{ reply: readStream(reply), n }] : []));
  expect(accepted).toHaveLength(100);
  const refused = replies.filter(({ status }) => status === 402);
  expect(refused).toHaveLength(100);
  expect(await counted(app, pat.workspaceId)).toBe(100);
  // Nothing else of what was refused is kept.
  const { rows } = await app.db.operator.query<{ rows: number }>(
    `select count(*) as rows from messages where workspace_id = $1
     union all select count(*) from conversations where workspace_id = $1
     union all select count(*) from running_answers where workspace_id = $1`,
    [pat.workspaceId],
  );
  expect(rows.map(({ rows: count }) => count)).toEqual([200, 100, 100]);

  const problem = (await refused[0]?.json()) as Problem;
  expect(problem).toMatchObject({
    code: "limit_reached",
    decision: { limit: "messagesPerDay", plan: "free", used: 100, allowed: 100, next: { plan: "pro", allowed: 1000 } },
  });
  const midnight = new Date(new Date().setUTCHours(24, 0, 0, 0)).toISOString();
  expect(problem.decision?.resetsAt).toBe(midnight);
  const { rows: kept } = await app.db.operator.query("select limit_name, used from decisions where id = $1", [
    problem.decision?.id,
  ]);
  expect(kept).toEqual([{ limit_name: "messagesPerDay", used: 100 }]);

  for (const { n } of accepted.slice(0, 10)) (await provider.call(`Question ${n}`)).cut();
  const failed = await Promise.all(accepted.slice(0, 10).map(({ reply }) => reply.parts));
  expect(failed.map((parts) => heard(parts).state)).toEqual(Array(10).fill("failed"));
  expect(await counted(app, pat.workspaceId)).toBe(90);

  const more = await Promise.all(Array.from({ length: 30 }, (_, n) => insist(n % 2 ? pat : there, agent, `More ${n}`)));
  expect(more.filter(({ status }) => status === 200)).toHaveLength(10);
  expect(await counted(app, pat.workspaceId)).toBe(100);

  for (const [n, { status }] of more.entries()) if (status === 200) (await provider.call(`More ${n}`)).finish();
  for (const { n } of accepted.slice(10)) {
    const call = await provider.call(`Question ${n}`);
    call.say("Yes.");
    call.finish();
  }
  await Promise.all(more.map((reply) => reply.text()));
  const ended = await Promise.all(accepted.slice(10).map(({ reply }) => reply.parts));
  expect(new Set(ended.map((parts) => heard(parts).state))).toEqual(new Set(["complete"]));
  expect(await differences(app)).toEqual([]);
});

test("at the limit the next message is accepted on a larger plan", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  await pretendAnswered(app, pat.workspaceId, agent.id, 100);
  expect((await pat.post(path(agent), { text: "One more?" })).status).toBe(402);
  await app.db.operator.query("update workspaces set plan = 'pro' where id = $1", [pat.workspaceId]);
  const { status, body } = await pat.post<Answer>(path(agent), { text: "One more?" });
  expect([status, body.usage.messagesLeftToday]).toEqual([200, 899]);
  expect(await differences(app)).toEqual([]);
});

const withKey = (key: string) => ({ "idempotency-key": key });

async function ask20Times(text: string, key: string): Promise<{ pat: Client; agent: Agent; replies: Response[] }> {
  const pat = await app.signUp();
  const there = await signInAt(second.url, pat);
  const agent = await teach(pat, provider);
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, n) => (n % 2 ? pat : there).send("POST", path(agent), { text }, withKey(key))),
  );
  return { pat, agent, replies };
}

test("the same key 20 times at once on two servers is one question, and all 20 read its one answer", async () => {
  const before = provider.calls();
  const { pat, agent, replies } = await ask20Times("Twenty times?", "key-1");
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  const call = await provider.call("Twenty times?");
  call.say("Only ");
  call.say("once.");
  call.finish();
  const all = (await Promise.all(replies.map((reply) => readStream(reply).parts))).map(heard);
  expect(new Set(all.map(({ text }) => text))).toEqual(new Set(["Only once."]));
  expect(new Set(all.map(({ started }) => started.messageId)).size).toBe(1);
  expect(new Set(all.map(({ usage }) => JSON.stringify(usage))).size).toBe(1);
  expect(await counted(app, pat.workspaceId)).toBe(1);
  expect(provider.calls() - before).toBe(1);

  // Later too: as a stream, as JSON, and never for another question.
  const late = await ask(pat, agent.id, { text: "Twenty times?" }, withKey("key-1"));
  expect(heard(await late.parts)).toMatchObject({ text: "Only once.", state: "complete" });
  const json = await pat.post<Answer>(path(agent), { text: "Twenty times?" }, withKey("key-1"));
  expect(json.body).toMatchObject({ text: "Only once.", messageId: all[0]?.started.messageId });
  const other = await pat.post<Problem>(path(agent), { text: "Something else?" }, withKey("key-1"));
  expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
  expect(provider.calls() - before).toBe(1);
  expect(await differences(app)).toEqual([]);
});

test("the same key 20 times for one that fails: given back once, and the same failure for all", async () => {
  const { pat, agent, replies } = await ask20Times("Fail, please?", "key-2");
  (await provider.call("Fail, please?")).cut();
  const all = (await Promise.all(replies.map((reply) => readStream(reply).parts))).map(heard);
  expect(new Set(all.map(({ failure }) => failure?.code))).toEqual(new Set(["unreachable"]));
  expect(await counted(app, pat.workspaceId)).toBe(0);
  const json = await pat.post<Problem>(path(agent), { text: "Fail, please?" }, withKey("key-2"));
  expect([json.status, json.body.code]).toEqual([502, "unreachable"]);
  expect(await differences(app)).toEqual([]);
});

test("a key whose question met the limit is free again", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  await pretendAnswered(app, pat.workspaceId, agent.id, 100);
  expect((await pat.post(path(agent), { text: "Now?" }, withKey("key-3"))).status).toBe(402);
  await app.db.operator.query("update workspaces set plan = 'pro' where id = $1", [pat.workspaceId]);
  expect((await pat.post(path(agent), { text: "Now?" }, withKey("key-3"))).status).toBe(200);
});

test("one person's key means nothing in another's workspace", async () => {
  const [pat, kim] = [await app.signUp(), await app.signUp()];
  const answers = await Promise.all(
    [pat, kim].map(async (client) => client.post<Answer>(path(await teach(client)), { text: "Hi" }, withKey("shared"))),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.body.messageId).not.toBe(answers[1]?.body.messageId);
});
