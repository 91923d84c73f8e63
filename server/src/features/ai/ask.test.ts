import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KeyProvider } from "@charlie/contract";
import { connectModel, makeGuardedFetch } from "../../integrations/ai/index.ts";
import { freePort } from "../../embedded/free-port.ts";
import { startProviderStandIn, type ProviderStandIn } from "../../../test/stand-ins/providers.ts";
import { askBrain } from "./ask.ts";
import type { FailureCode } from "./failures.ts";
import type { Asked, ReadyBrain } from "./types.ts";

let standIn: ProviderStandIn;
beforeAll(async () => {
  standIn = await startProviderStandIn();
});
afterAll(async () => standIn.close());

const key = "sk-good-0123456789";
const guardedFetch = makeGuardedFetch({ allowPrivate: true });
const question = "How are you today?";

function brainOf(provider: KeyProvider, modelId: string, baseUrl = standIn.url, apiKey = key): ReadyBrain {
  const connection = { provider, apiKey, baseUrl, fetch: provider === "compatible" ? guardedFetch : fetch };
  return {
    provider,
    modelId,
    payer: "own_key",
    model: connectModel(connection, modelId),
    maxOutputTokens: 321,
    timeouts: { firstTextMs: 10_000, betweenMs: 10_000, wholeMs: 20_000 },
    costMicros: () => 0,
    ownKeyMicros: () => null,
  };
}

const ask = (
  brain: ReadyBrain,
  signal = new AbortController().signal,
  onText: (delta: string) => void = () => {},
): Promise<Asked> =>
  askBrain(
    brain,
    {
      instructions: "You are kind.",
      messages: [{ role: "user", content: question }],
      teaching: { tricks: "for the offline brain" },
    },
    { signal, onText },
  );

describe.each(["openai", "anthropic", "compatible"] as const)("%s over its real SDK", (provider) => {
  test("streams the text, with tokens as the provider counted them", async () => {
    const pieces: string[] = [];
    const asked = await ask(brainOf(provider, "cached"), undefined, (delta) => pieces.push(delta));
    expect(asked).toMatchObject({
      ended: "complete",
      text: `You said: ${question}`,
      finishReason: "stop",
      failure: null,
    });
    expect(asked.use).toEqual({ in: 1_000, out: 6, cached: 600, cacheWritten: 0 });
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join("")).toBe(asked.text);
    const { body } = standIn.requests.at(-1) ?? {};
    expect(JSON.stringify(body)).toContain("You are kind.");
    expect(JSON.stringify(body)).not.toContain("for the offline brain");
    expect(body?.["max_output_tokens"] ?? body?.["max_tokens"]).toBe(321);
  });

  test.each<[behaviour: string, code: FailureCode, text: string]>([
    ["fail-401", "key_refused", ""],
    ["fail-403", "key_refused", ""],
    ["fail-402", "quota_used_up", ""],
    ["fail-404", "model_unknown", ""],
    ["fail-408", "timed_out", ""],
    ["fail-413", "too_long", ""],
    ["fail-418", "refused", ""],
    ["fail-429", "rate_limited", ""],
    ["fail-429-quota", "quota_used_up", ""],
    ["fail-400-quota", "quota_used_up", ""],
    ["fail-400-context", "too_long", ""],
    ["fail-400-filter", "filtered", ""],
    ["fail-500", "overloaded", ""],
    ["fail-503", "overloaded", ""],
    ["fail-529", "overloaded", ""],
    ["cut-after-3", "cut_off", "one"],
    ["end-after-3", "cut_off", "one"],
    ["error-after-3", "overloaded", "one"],
    ["error-after-0", "overloaded", ""],
    ["filter", "filtered", "You said:"],
    ["empty", "empty", ""],
  ])("%s ends as %s", async (behaviour, code, text) => {
    const asked = await ask(brainOf(provider, behaviour));
    expect(asked).toMatchObject({ ended: "failed", failure: { code } });
    expect(asked.text).toContain(text);
    expect(asked.failure?.message).toMatch(/^[A-Z].+\.$/);
    // Who refused before any work is owed nothing; who worked is, whatever became of it.
    if (/^fail|-0$/.test(behaviour)) expect(asked.use).toEqual({ in: 0, out: 0, cached: 0, cacheWritten: 0 });
    else expect(asked.use.in).toBeGreaterThan(0);
    // The stand-in repeats the key in its errors, as providers do: none of that may come through.
    expect(JSON.stringify(asked)).not.toMatch(/sk-|failed with|Incorrect API key/);
  });

  test("an answer cut at the longest allowed is an answer", async () => {
    expect(await ask(brainOf(provider, "length"))).toMatchObject({ ended: "complete", finishReason: "length" });
  });

  test("a provider that is not there", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}/v1`;
    expect(await ask(brainOf(provider, "echo", nowhere))).toMatchObject({
      ended: "failed",
      failure: { code: "unreachable" },
      use: { in: 0, out: 0 },
    });
  });

  test.each([
    ["hang", { firstTextMs: 150 }, ""],
    ["hang-after-2", { betweenMs: 150 }, "You "],
    ["slow", { wholeMs: 500 }, ""],
  ])("%s runs into its time-out, and the connection closes", async (behaviour, timeouts, text) => {
    const brain = brainOf(provider, behaviour);
    const asked = await ask({ ...brain, timeouts: { ...brain.timeouts, ...timeouts } });
    expect(asked).toMatchObject({ ended: "failed", failure: { code: "timed_out" } });
    expect(asked.text.startsWith(text)).toBe(true);
    expect(asked.use.in).toBeGreaterThan(0);
    await standIn.requests.at(-1)?.whenAborted;
  });

  test("a stop closes the provider's connection and keeps what came, with its tokens estimated", async () => {
    const stop = new AbortController();
    const asked = await ask(brainOf(provider, "slow"), stop.signal, () => stop.abort());
    expect(asked).toMatchObject({ ended: "stopped", failure: null });
    expect(asked.text).toMatch(/^1 /);
    expect(asked.use.in).toBeGreaterThan(0);
    expect(asked.use.out).toBeGreaterThan(0);
    // Resolves only when the stand-in saw the connection close in mid-answer.
    await standIn.requests.at(-1)?.whenAborted;
  });

  test("a stop before anything came", async () => {
    const stop = new AbortController();
    const asking = ask(brainOf(provider, "hang"), stop.signal);
    const before = standIn.requests.length;
    while (standIn.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    const asked = await asking;
    expect(asked).toMatchObject({ ended: "stopped", text: "", failure: null, estimated: true, use: { out: 0 } });
    expect(asked.use.in).toBeGreaterThan(0);
    await standIn.requests.at(-1)?.whenAborted;
  });

  test("a stop while the operator's brain thinks: its thoughts until then are reckoned with", async () => {
    const stop = new AbortController();
    const asking = ask({ ...brainOf(provider, "hang"), payer: "operator", maxOutputTokens: 50 }, stop.signal);
    const before = standIn.requests.length;
    while (standIn.requests.length === before) await sleep(5);
    await sleep(100);
    stop.abort();
    const { use } = await asking;
    expect(use.out).toBeGreaterThanOrEqual(19);
    expect(use.out).toBeLessThanOrEqual(50);
  });

  test("where nobody counted, a character of three bytes is reckoned with as three letters are", async () => {
    const prompt = { instructions: "", messages: [{ role: "user" as const, content: "你".repeat(400) }], teaching: {} };
    const { signal } = new AbortController();
    const { text, use } = await askBrain(brainOf(provider, "cut-after-3"), prompt, { signal, onText: () => {} });
    expect(use).toMatchObject({ in: 300, out: Math.ceil(Buffer.byteLength(text) / 4) });
  });

  test("already stopped: the provider is not asked at all", async () => {
    const before = standIn.requests.length;
    expect(await ask(brainOf(provider, "echo"), AbortSignal.abort())).toMatchObject({
      ended: "stopped",
      text: "",
      use: { in: 0, out: 0 },
    });
    expect(standIn.requests.length).toBe(before);
  });
});

test("OpenAI is told not to keep the conversation", async () => {
  await ask(brainOf("openai", "echo"));
  expect(standIn.requests.at(-1)?.body?.["store"]).toBe(false);
});

test("a key that the provider refuses is not repeated anywhere", async () => {
  const asked = await ask(brainOf("openai", "echo", standIn.url, "sk-bad-secret-4711"));
  expect(asked.failure?.code).toBe("key_refused");
  expect(JSON.stringify(asked)).not.toContain("4711");
});

test("where the operator's key is at fault, nobody is told to check their own", async () => {
  const asked = await ask({ ...brainOf("openai", "fail-401"), payer: "operator" });
  expect(asked.failure).toMatchObject({ code: "key_refused", message: expect.stringContaining("operator") });
});
