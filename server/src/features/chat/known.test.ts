import { randomUUID } from "node:crypto";
import type { Agent } from "@charlie/contract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { differences, pretendAnswered, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";
import { readConfig } from "../../config.ts";
import { AppError, Refusal } from "../../errors.ts";
import { makeAiServices, type AiServices } from "../ai/index.ts";
import { acceptQuestion, type Accepted } from "./accept.ts";
import { giveBack } from "./endings.ts";
import { makeKnown, type Known } from "./load.ts";
import { chatFailures, type Job, type Question } from "./types.ts";

// What another server changed: `known` is this one's, and hears of nothing.
let app: TestApp;
let provider: HeldProvider;
let ai: AiServices;
let pat: Client;
let agent: Agent;
let known: Known;
beforeAll(async () => {
  provider = await startHeldProvider();
  const env = { OPENAI_API_KEY: "sk-operator-0123456789", OPENAI_BASE_URL: provider.url };
  app = await startTestApp({ env });
  ai = makeAiServices({ config: readConfig({ NODE_ENV: "test", ...env }), encryptionKey: app.secrets.encryptionKey });
});
afterAll(async () => {
  expect(await differences(app)).toEqual([]);
  await app.close();
  await provider.close();
});

const ask = (question: Partial<Question> = {}): Promise<Accepted> =>
  acceptQuestion(app.ctxOf(pat), { agentId: agent.id, text: "When?", idempotency: null, ...question }, ai, known);

async function job(question?: Partial<Question>): Promise<Job> {
  const accepted = await ask(question);
  if (!accepted.fresh) throw new Error("it was asked before");
  return accepted.job;
}

const refused = async (question?: Partial<Question>): Promise<AppError | Refusal> => {
  const error: unknown = await ask(question).catch((thrown: unknown) => thrown);
  if (error instanceof AppError || error instanceof Refusal) return error;
  throw new Error("it was not refused", { cause: error });
};

/** How often `work` asked the database as charlie_app. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  let taken = 0;
  const count = () => (taken += 1);
  app.db.app.on("acquire", count);
  await work().finally(() => app.db.app.off("acquire", count));
  return taken;
}

beforeEach(async () => {
  known = makeKnown();
  pat = await app.signUp();
  await app.db.operator.query("update workspaces set plan = 'pro' where id = $1", [pat.workspaceId]);
  agent = await teach(pat);
  expect(await statementsOf(() => job())).toBe(2);
});

test("another conversation's first question takes one statement, as long as nothing changed", async () => {
  expect(await statementsOf(() => job())).toBe(1);
  expect(await statementsOf(() => Promise.all([job(), job(), job()]))).toBe(3);
  const { place } = await job();
  await giveBack(app.db, { ...place, workspaceId: pat.workspaceId }, { failure: chatFailures.internal, text: "" });
  expect(await statementsOf(() => job({ conversationId: place.conversationId }))).toBe(2);
});

test("new words, another name, another brain: the next question has them", async () => {
  await pat.patch(`/api/v1/agents/${agent.id}`, { tricks: "We open at nine." });
  expect(JSON.stringify((await job()).flow)).toContain("We open at nine.");
  await pat.patch(`/api/v1/agents/${agent.id}`, { name: "Rosa" });
  expect((await job()).input.agentName).toBe("Rosa");
  const brain = { provider: "openai", model: "gpt-5-mini", temperature: null, maxOutputTokens: 50 };
  await pat.patch(`/api/v1/agents/${agent.id}`, { brain });
  expect((await job()).brain).toMatchObject({ payer: "operator", maxOutputTokens: 50 });
});

test("an edit by a server whose clock is late is an edit all the same: each has a later time", async () => {
  const set = "update agents set updated_at = now() + interval '1 hour' where id = $1 returning updated_at::text as at";
  let [last] = (await app.db.operator.query<{ at: string }>(set, [agent.id])).rows;
  await job();
  for (const tricks of ["We open at nine.", "We open at ten."]) {
    await pat.patch(`/api/v1/agents/${agent.id}`, { tricks });
    expect(JSON.stringify((await job()).flow)).toContain(tricks);
    const later = "select updated_at::text as at from agents where id = $1 and updated_at > $2::timestamptz";
    [last] = (await app.db.operator.query<{ at: string }>(later, [agent.id, last?.at])).rows;
    expect(last).toBeDefined();
  }
});

test("what cannot be answered, and is refused, is not known: it is loaded until it is well again", async () => {
  const put = (flow: string) =>
    app.db.operator.query("update agents set flow = $2, updated_at = now() where id = $1", [agent.id, flow]);
  const { flow } = await job();
  await put("{}");
  await expect(ask()).rejects.toThrow();
  await app.db.operator.query("update agents set flow = $2 where id = $1", [agent.id, JSON.stringify(flow)]);
  await job();
  await app.db.operator.query("update agents set frozen_at = now() where id = $1", [agent.id]);
  expect(await statementsOf(() => refused())).toBe(2);
  expect(await statementsOf(() => refused())).toBe(1);
});

test("a key that was added, changed or taken away", async () => {
  const brain = { provider: "openai", model: "gpt-5-mini", temperature: null, maxOutputTokens: 50 };
  await pat.patch(`/api/v1/agents/${agent.id}`, { brain });
  const payer = async () => (await job()).brain.payer;
  expect(await payer()).toBe("operator");
  await pat.put("/api/v1/ai-keys/openai", { key: "sk-own-key-1234" });
  expect(await payer()).toBe("own_key");
  await app.db.operator.query("delete from ai_keys where workspace_id = $1", [pat.workspaceId]);
  expect(await payer()).toBe("operator");
});

test("an agent that sleeps, is gone, or somebody else's", async () => {
  await app.db.operator.query("update agents set frozen_at = now() where id = $1", [agent.id]);
  expect(await refused()).toMatchObject({ status: 409, code: "agent_frozen" });
  await app.db.operator.query("update agents set frozen_at = null where id = $1", [agent.id]);
  await job();
  await pat.delete(`/api/v1/agents/${agent.id}`);
  expect(await refused()).toMatchObject({ status: 404 });
  pat = await app.signUp();
  expect(await refused()).toMatchObject({ status: 404 });
});

test("a limit that was met meanwhile, of another plan too: refused with what is so now", async () => {
  pat = await app.signUp();
  agent = await teach(pat);
  await pretendAnswered(app, pat.workspaceId, agent.id, 98);
  await job();
  await job();
  const met = { status: 402, decision: { limit: "messagesPerDay", used: 100, allowed: 100 } };
  expect(await refused()).toMatchObject(met);
  const setPlan = (plan: string) =>
    app.db.operator.query("update workspaces set plan = $2 where id = $1", [pat.workspaceId, plan]);
  await setPlan("pro");
  await job();
  await setPlan("free");
  expect(await refused()).toMatchObject({ ...met, decision: { used: 101, allowed: 100 } });
});

test("a cap that was set meanwhile", async () => {
  const brain = { provider: "openai", model: "gpt-5-mini", temperature: null, maxOutputTokens: 1_000 };
  await pat.patch(`/api/v1/agents/${agent.id}`, { brain });
  await job();
  await app.db.operator.query("update workspaces set spend_cap_micros = 100 where id = $1", [pat.workspaceId]);
  const { decision } = (await refused()) as Refusal;
  expect(decision).toMatchObject({ limit: "aiSpend", allowed: 100 });
  const kept = "select id from decisions where workspace_id = $1";
  expect((await app.db.operator.query(kept, [pat.workspaceId])).rows).toEqual([{ id: decision.id }]);
});

test("the same key brings the same answer, another question with it is refused", async () => {
  const idempotency = { key: randomUUID(), hash: "h" };
  const { place } = await job({ idempotency });
  expect(await ask({ idempotency })).toEqual({ fresh: false, place });
  expect(await refused({ idempotency: { ...idempotency, hash: "other" } })).toMatchObject({ status: 422 });
});
