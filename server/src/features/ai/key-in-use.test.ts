import type { Agent, Answer, Problem } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startProviderStandIn, type ProviderStandIn } from "../../../test/stand-ins/providers.ts";

let app: TestApp;
let standIn: ProviderStandIn;
let pat: Client;
const key = "sk-live-0123456789-in-use";

beforeAll(async () => {
  standIn = await startProviderStandIn();
  app = await startTestApp({ env: { OPENAI_BASE_URL: standIn.url, ANTHROPIC_BASE_URL: standIn.url } });
  pat = await app.signUp();
});
afterAll(async () => {
  await app.close();
  await standIn.close();
});

const json = { accept: "application/json" };

/** An agent that uses this provider; the stand-in does what the question says in brackets. */
async function agentOn(provider: string): Promise<string> {
  const { body: agent } = await pat.post<Agent>("/api/v1/agents", {
    who: "You are Bella.",
    rules: "",
    tricks: "We bake bread.",
  });
  const brain = { provider, model: provider === "compatible" ? "echo" : null, temperature: 0.3, maxOutputTokens: 200 };
  expect((await pat.patch(`/api/v1/agents/${agent.id}`, { brain })).status).toBe(200);
  return `/api/v1/agents/${agent.id}`;
}

test.each(["openai", "anthropic", "compatible"])(
  "%s answers with the workspace's own key, and the key stays inside",
  async (provider) => {
    const baseUrl = provider === "compatible" ? { baseUrl: standIn.url } : {};
    expect((await pat.put(`/api/v1/ai-keys/${provider}`, { key, ...baseUrl })).status).toBe(200);
    const agent = await agentOn(provider);
    const { body: answer } = await pat.post<Answer>(`${agent}/messages`, { text: "Do you bake? [cached]" }, json);
    expect(answer).toMatchObject({
      state: "complete",
      text: "You said: Do you bake? [cached]",
      usage: { tokensIn: 1_000, tokensCached: 600, costMicros: 0, payer: "own_key" },
    });
    const { conversationId } = answer;
    const asking = async (text: string) =>
      (await pat.post<Problem>(`${agent}/messages`, { text, conversationId }, json)).body;
    const refused = await asking("Hello [fail-401]");
    const broken = await asking("Hello [error-after-2]");
    expect([refused.code, broken.code]).toEqual(["key_refused", "overloaded"]);
    const { body: conversation } = await pat.get(`/api/v1/conversations/${conversationId}`);
    const seen = JSON.stringify([answer, refused, broken, conversation]) + app.logged();
    expect(seen).toContain("We bake bread.");
    expect(seen).not.toMatch(/sk-/);
    expect((await pat.delete(agent)).status).toBe(204);
  },
);
