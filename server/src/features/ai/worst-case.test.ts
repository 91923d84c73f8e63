import * as fc from "fast-check";
import { expect, test } from "vitest";
import { makePrices } from "./prices.ts";
import { offlineBrain } from "./resolve-brain.ts";
import { defaultTimeouts } from "./services.ts";
import type { ReadyBrain } from "./types.ts";
import { tokensAtMost, worstCaseMicros } from "./worst-case.ts";

const text = (content: string) => ({ instructions: "", messages: [{ role: "user" as const, content }], teaching: {} });

/** A brain of the operator that answers up to 1,000 tokens. */
function operated(provider: "openai" | "anthropic", model: string): ReadyBrain {
  const prices = makePrices();
  const costMicros: ReadyBrain["costMicros"] = (use) => prices.micros(provider, model, use) ?? NaN;
  const offline = offlineBrain({ pauseMs: 0, timeouts: defaultTimeouts });
  return { ...offline, provider, modelId: model, payer: "operator", maxOutputTokens: 1_000, costMicros };
}

test("a prompt has no more tokens than bytes, nor than the bytes it unfolds to", () => {
  const empty = tokensAtMost(text(""));
  expect(tokensAtMost(text("abc")) - empty).toBe(3);
  expect(tokensAtMost(text("é")) - empty).toBe(2);
  expect(tokensAtMost(text("👩‍👩‍👧‍👦")) - empty).toBe(25);
  // ﷺ: three bytes that some tokenizers read as eighteen letters.
  expect(tokensAtMost(text("\uFDFA")) - empty).toBe(33);
});

test.each([
  ["openai", "gpt-5-mini"],
  ["anthropic", "claude-haiku-4-5"],
] as const)("%s: no use within the bounds costs more than the worst case", (provider, model) => {
  const brain = operated(provider, model);
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.integer({ min: 1, max: 3 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (content, times, ...shares) => {
        const prompt = text(content);
        const most = { in: tokensAtMost(prompt) * times, out: brain.maxOutputTokens * times };
        const [a, b, c, d] = shares;
        const tokensIn = Math.floor(most.in * a);
        const cached = Math.floor(tokensIn * c);
        const use = {
          in: tokensIn,
          out: Math.floor(most.out * b),
          cached,
          cacheWritten: Math.floor((tokensIn - cached) * d),
        };
        expect(brain.costMicros(use)).toBeLessThanOrEqual(worstCaseMicros(brain, prompt, times));
      },
    ),
  );
});

test("what would be written into a provider's cache costs more, and is reckoned with", () => {
  const brain = operated("anthropic", "claude-haiku-4-5");
  const prompt = text("x".repeat(10_000));
  const plain = brain.costMicros({ in: tokensAtMost(prompt), out: 1_000, cached: 0, cacheWritten: 0 });
  expect(worstCaseMicros(brain, prompt, 1)).toBeGreaterThan(plain);
});
