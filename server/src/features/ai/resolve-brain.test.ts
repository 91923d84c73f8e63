import { defaultBrain, type BrainChoice } from "@charlie/contract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startProviderStandIn, type ProviderStandIn } from "../../../test/stand-ins/providers.ts";
import { makeCtx } from "../../context.ts";
import { askBrain, makeAiServices, resolveBrain, type AiServices } from "./index.ts";
import { listBrains } from "./list-brains.ts";
import { findSources } from "./sources.ts";

let app: TestApp;
let standIn: ProviderStandIn;
let pat: Client;

beforeAll(async () => {
  standIn = await startProviderStandIn();
  app = await startTestApp({ env: { OPENAI_BASE_URL: standIn.url, ANTHROPIC_BASE_URL: standIn.url } });
});
afterAll(async () => {
  await app.close();
  await standIn.close();
});
beforeEach(async () => {
  pat = await app.signUp();
});

const key = "sk-live-0123456789-last4";
const put = (provider: string, body: object) => pat.put(`/api/v1/ai-keys/${provider}`, body);

const services = (settings: { keys?: boolean; allowance?: number } = {}): AiServices =>
  makeAiServices({
    config: {
      ...app.config,
      ...(settings.keys
        ? { OPENAI_API_KEY: "sk-operator-openai-1", ANTHROPIC_API_KEY: "sk-operator-anthropic-1" }
        : {}),
      FREE_AI_ALLOWANCE_USD: settings.allowance ?? 0,
    },
    encryptionKey: Buffer.alloc(32, 7),
  });
const choose = async (choice: Partial<BrainChoice>, from: AiServices, client = pat) =>
  resolveBrain({ ...defaultBrain, ...choice }, await findSources(app.ctxOf(client), from), from);
const use = { in: 1_000_000, out: 0, cached: 0, cacheWritten: 0 };

test("auto: offline without keys; then the operator's; the workspace's own goes first", async () => {
  expect(await choose({}, services({ keys: true }))).toMatchObject({
    provider: "offline",
    payer: "nobody",
    modelId: "charlie-offline",
  });
  const paying = await app.signUp({ plan: "pro" });
  const operated = await choose({ temperature: 0.5, maxOutputTokens: 99 }, services({ keys: true }), paying);
  expect(operated).toMatchObject({
    provider: "openai",
    payer: "operator",
    modelId: "gpt-6-luna",
    temperature: 0.5,
    maxOutputTokens: 99,
  });
  expect(operated.costMicros(use)).toBeGreaterThan(0);
  await put("anthropic", { key });
  const own = await choose({ model: "gpt-6-sol" }, services({ keys: true, allowance: 5 }));
  expect(own).toMatchObject({ provider: "anthropic", payer: "own_key", modelId: "claude-haiku-4-5" });
  expect(own.costMicros(use)).toBe(0);
  expect(own).not.toHaveProperty("temperature");
});

test("on Free the operator's key serves where there is an allowance; accepting a question sees what is left of it", async () => {
  const openai = { provider: "openai", model: "gpt-5-mini" } as const;
  await expect(choose(openai, services({ keys: true }))).rejects.toMatchObject({ status: 409, code: "key_missing" });
  const allowed = services({ keys: true, allowance: 0.5 });
  expect(await choose({}, services({ keys: true }))).toMatchObject({ provider: "offline" });
  expect(await choose(openai, allowed)).toMatchObject({ payer: "operator", modelId: "gpt-5-mini" });
});

test("what an own key costs at its provider is told where a price is known", async () => {
  await put("openai", { key });
  const [priced, unpriced] = await Promise.all(
    ["gpt-5-mini", "model-of-tomorrow"].map((model) => choose({ provider: "openai", model }, services())),
  );
  expect(priced?.ownKeyMicros(use)).toBe(services().prices.micros("openai", "gpt-5-mini", use));
  expect(priced?.ownKeyMicros(use)).toBeGreaterThan(0);
  expect(unpriced?.ownKeyMicros(use)).toBeNull();
  expect([priced?.costMicros(use), unpriced?.costMicros(use)]).toEqual([0, 0]);
  const operated = await choose({}, services({ keys: true }), await app.signUp({ plan: "pro" }));
  expect(operated.ownKeyMicros(use)).toBeNull();
});

test("a model without a price is refused on the operator's key and fine on one's own", async () => {
  const paying = await app.signUp({ plan: "team" });
  const choice = { provider: "openai", model: "model-of-tomorrow" } as const;
  await expect(choose(choice, services({ keys: true }), paying)).rejects.toMatchObject({
    status: 409,
    code: "model_not_priced",
  });
  await put("openai", { key });
  expect(await choose(choice, services({ keys: true }))).toMatchObject({
    payer: "own_key",
    modelId: "model-of-tomorrow",
  });
});

test("without a key, or with one that cannot be read any more, it says so", async () => {
  await expect(choose({ provider: "anthropic" }, services())).rejects.toMatchObject({
    status: 409,
    code: "key_missing",
  });
  await expect(choose({ provider: "compatible", model: "echo" }, services())).rejects.toMatchObject({
    code: "key_missing",
  });
  await put("openai", { key });
  const rotated = makeAiServices({ config: app.config, encryptionKey: Buffer.alloc(32, 8) });
  await expect(choose({ provider: "openai" }, rotated)).rejects.toMatchObject({
    status: 409,
    code: "key_unreadable",
  });
});

test("a key that was moved into another workspace's row does not open there", async () => {
  await put("openai", { key });
  const other = await app.signUp();
  await app.db.operator.query(
    "insert into ai_keys (workspace_id, provider, ciphertext, last_four) select $1, provider, ciphertext, last_four from ai_keys where workspace_id = $2",
    [other.workspaceId, pat.workspaceId],
  );
  await expect(choose({ provider: "openai" }, services(), other)).rejects.toMatchObject({ code: "key_unreadable" });
});

test("a brain that was resolved answers over the saved key", async () => {
  await put("compatible", { key, baseUrl: standIn.url });
  const brain = await choose({ provider: "compatible" }, services());
  expect(brain).toMatchObject({ provider: "compatible", payer: "own_key", modelId: "echo" });
  const prompt = { instructions: "", messages: [{ role: "user" as const, content: "hi" }], teaching: {} };
  const asked = await askBrain(brain, prompt, { signal: new AbortController().signal, onText: () => {} });
  expect(asked).toMatchObject({ ended: "complete", text: "You said: hi" });
  expect(standIn.requests.at(-1)).toMatchObject({
    path: "/v1/chat/completions",
    headers: { authorization: `Bearer ${key}` },
  });
});

test("the list shows what can be chosen and why", async () => {
  const ctx = makeCtx({
    actor: { type: "system", name: "test" },
    role: "viewer",
    workspaceId: pat.workspaceId,
    db: app.db,
  });
  const sources = async (from: AiServices) =>
    Object.fromEntries((await listBrains(ctx, from)).brains.map(({ provider, source }) => [provider, source]));
  expect(await sources(services())).toEqual({
    offline: "built_in",
    openai: "none",
    anthropic: "none",
    compatible: "none",
  });
  expect(await sources(services({ keys: true, allowance: 1 }))).toMatchObject({
    openai: "operator",
    anthropic: "operator",
    compatible: "none",
  });
  await put("openai", { key });
  const mine = await listBrains(ctx, services({ keys: true, allowance: 1 }));
  expect(mine.auto).toBe("openai");
  expect(mine.brains.find(({ provider }) => provider === "openai")).toMatchObject({
    source: "own_key",
    defaultModel: "gpt-6-luna",
  });
});
