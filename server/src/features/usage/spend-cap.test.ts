import type { Agent, Problem, UsageCurrent, UsageLimits } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askToEnd, differences, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { startProviderStandIn, type ProviderStandIn } from "../../../test/stand-ins/providers.ts";
import { makeCtx } from "../../context.ts";
import { setSpendCap } from "./set-spend-cap.ts";

let app: PaidApp;
let provider: ProviderStandIn;
beforeAll(async () => {
  provider = await startProviderStandIn();
  app = await startPaidApp({ env: { OPENAI_API_KEY: "sk-operator-0123456789", OPENAI_BASE_URL: provider.url } });
});
afterAll(async () => {
  await app.close();
  await provider.close();
});

const put = (client: Client, capMicros: unknown) =>
  client.put<UsageLimits & Problem>("/api/v1/usage/spend-cap", { capMicros });
const limitsOf = async (client: Client) => (await client.get<UsageLimits>("/api/v1/usage/limits")).body.aiSpend;
const mailsTo = async ({ email }: Client) => {
  await app.settled();
  const { rows } = await app.db.operator.query<{ subject: string; text: string }>(
    "select subject, text from mails where recipient = $1 and dedupe_key like 'cap:%' order by created_at, id",
    [email],
  );
  return rows;
};
async function onModel(client: Client, provider_: string, model: string): Promise<Agent> {
  const { id } = await teach(client);
  const brain = { provider: provider_, model, temperature: null, maxOutputTokens: 16 };
  return (await client.patch<Agent>(`/api/v1/agents/${id}`, { brain })).body;
}

test("each plan has its usual cap, the workspace sets another up to the plan's most, and null takes it back", async () => {
  const pat = await app.signUp({ plan: "pro" });
  expect(await limitsOf(pat)).toMatchObject({
    used: 0,
    held: 0,
    limit: 10_000_000,
    own: null,
    most: 200_000_000,
    full: false,
  });
  expect((await put(pat, 25_000_000)).body.aiSpend).toMatchObject({ limit: 25_000_000, own: 25_000_000 });
  const tooHigh = await put(pat, 200_000_001);
  expect([tooHigh.status, tooHigh.body.code, tooHigh.body.detail]).toEqual([
    400,
    "cap_too_high",
    "On this plan the cap can be $200.00 at most.",
  ]);
  for (const wrong of [-1, 0.5, "5", undefined]) expect((await put(pat, wrong)).status).toBe(400);
  // What was set holds on another plan as far as that lets it.
  await app.db.operator.query("update workspaces set plan = 'free' where id = $1", [pat.workspaceId]);
  expect(await limitsOf(pat)).toBeNull();
  await app.db.operator.query("update workspaces set plan = 'team' where id = $1", [pat.workspaceId]);
  expect(await limitsOf(pat)).toMatchObject({ limit: 25_000_000, most: 1_000_000_000 });
  expect((await put(pat, null)).body.aiSpend).toMatchObject({ limit: 50_000_000, own: null });
  const { rows } = await app.db.operator.query(
    "select data from audit_log where workspace_id = $1 and action = 'workspace.spend_cap_set' order by id",
    [pat.workspaceId],
  );
  expect(rows.map(({ data }) => data)).toEqual([{ capMicros: 25_000_000 }, { capMicros: null }]);
});

test("an editor cannot set it", async () => {
  const { workspaceId, userId } = await app.signUp({ plan: "pro" });
  const ctx = makeCtx({ actor: { type: "user", userId }, role: "editor", workspaceId, db: app.db });
  const operatorAi = { offered: true, freeAllowanceMicros: 0 };
  await expect(setSpendCap(ctx, { capMicros: 1 }, operatorAi)).rejects.toMatchObject({ status: 403 });
});

test("at 80 % a mail tells so once, and once when there is no room for an answer", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const agent = await onModel(pat, "openai", "gpt-5-mini");
  const ask = () => askToEnd(pat, agent.id, { text: "Do you bake?" });
  const cost = (await ask()).usage?.costMicros ?? 0;
  expect(cost).toBeGreaterThan(100);
  // The next one brings it to 80 %, the one after that stays below the cap.
  await put(pat, Math.floor((cost * 2) / 0.8));
  expect(await mailsTo(pat)).toEqual([]);
  await ask();
  expect((await mailsTo(pat)).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^\$0\.0\d+ of \$0\.0\d+ for AI are used$/),
  ]);
  for (let time = 0; time < 3; time += 1) {
    const refused = await pat.post<Problem>(`/api/v1/agents/${agent.id}/messages`, { text: "Do you bake?" });
    expect(refused.status).toBe(402);
  }
  const mails = await mailsTo(pat);
  expect(mails.map(({ subject }) => subject).slice(1)).toEqual(["The cap on your AI cost is met"]);
  expect(mails[1]?.text).toContain("You never pay more than the cap.");
  expect(await limitsOf(pat)).toMatchObject({ full: true, used: cost * 2 });
  expect((await put(pat, 1_000_000)).body.aiSpend).toMatchObject({ full: false });
  expect(await differences(app)).toEqual([]);
});

test("with an own key nothing is charged here, and about what it costs at the provider is told and counted", async () => {
  const pat = await app.signUp();
  await pat.put("/api/v1/ai-keys/openai", { key: "sk-own-0123456789" });
  const agent = await onModel(pat, "openai", "gpt-5-mini");
  const { usage } = await askToEnd(pat, agent.id, { text: "Do you bake?" });
  // The stand-in counts 1,000 tokens in; six words out: $0.25 and $2 for a million.
  expect(usage).toMatchObject({ payer: "own_key", costMicros: 0, tokensIn: 1_000 });
  expect(usage?.ownKeyMicros).toBe(Math.ceil(250 + (usage?.tokensOut ?? 0) * 2));
  const { rows } = await app.db.operator.query(
    "select own_key_micros, cost_micros, estimated from usage_events where workspace_id = $1",
    [pat.workspaceId],
  );
  expect(rows).toEqual([{ own_key_micros: usage?.ownKeyMicros, cost_micros: 0, estimated: false }]);
  const { body } = await pat.get<UsageCurrent>("/api/v1/usage/current");
  expect(body.metrics.find(({ metric }) => metric === "own_key_micros")?.value).toBe(usage?.ownKeyMicros);
  expect(await limitsOf(pat)).toBeNull();
  expect(await differences(app)).toEqual([]);
});
