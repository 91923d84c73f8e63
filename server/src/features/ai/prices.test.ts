import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, nat, property } from "fast-check";
import { expect, test } from "vitest";
import { brainFacts } from "./models.ts";
import { makePrices, readPriceOverrides } from "./prices.ts";

const use = (tokens: Partial<{ in: number; out: number; cached: number; cacheWritten: number }>) => ({
  in: 0,
  out: 0,
  cached: 0,
  cacheWritten: 0,
  ...tokens,
});
const override = { openai: { mine: { input_mtok: 0.25, output_mtok: 2, cache_read_mtok: 0.025 } } };

test("each model that is offered has a price", () => {
  const prices = makePrices();
  for (const provider of ["openai", "anthropic"] as const) {
    for (const model of brainFacts[provider].models) expect(prices.has(provider, model), model).toBe(true);
  }
});

test("a model that nobody knows has none, and is not free", () => {
  expect(makePrices().has("openai", "model-of-tomorrow")).toBe(false);
  expect(makePrices().micros("anthropic", "model-of-tomorrow", use({ in: 1 }))).toBeNull();
  // A price for one side only would count the other as free.
  expect(makePrices().has("openai", "text-embedding-3-small")).toBe(false);
});

test("micro-dollars are whole and rounded up once", () => {
  const prices = makePrices(override);
  // 1,000 × 0.25 + 100 × 2 = 450 exactly; one more input token adds a quarter, which is rounded up.
  expect(prices.micros("openai", "mine", use({ in: 1_000, out: 100 }))).toBe(450);
  expect(prices.micros("openai", "mine", use({ in: 1_001, out: 100 }))).toBe(451);
  expect(prices.micros("openai", "mine", use({ in: 1_004, out: 100 }))).toBe(451);
  // 600 of 1,000 from the cache: 400 × 0.25 + 600 × 0.025 + 100 × 2.
  expect(prices.micros("openai", "mine", use({ in: 1_000, cached: 600, out: 100 }))).toBe(315);
  expect(prices.micros("openai", "mine", use({}))).toBe(0);
});

test("binary fractions never add a micro-dollar, and never take one", () => {
  const prices = makePrices(override);
  assert(
    property(nat(2_000_000), nat(100_000), (input, out) => {
      const exact = (BigInt(input) * 25n + BigInt(out) * 200n + 99n) / 100n;
      expect(BigInt(prices.micros("openai", "mine", use({ in: input, out })) ?? -1)).toBe(exact);
    }),
  );
});

test("the operator's own price goes before the list's", () => {
  const listed = makePrices().micros("anthropic", "claude-haiku-4-5", use({ in: 1_000_000 }));
  const own = makePrices({ anthropic: { "claude-haiku-4-5": { input_mtok: 7, output_mtok: 1 } } });
  expect(own.micros("anthropic", "claude-haiku-4-5", use({ in: 1_000_000 }))).toBe(7_000_000);
  expect(listed).not.toBe(7_000_000);
});

test("a price file that is wrong is named", () => {
  const file = join(mkdtempSync(join(tmpdir(), "prices-")), "prices.json");
  writeFileSync(file, JSON.stringify(override));
  expect(readPriceOverrides(file)).toEqual(override);
  writeFileSync(file, '{"openai":{"mine":{"input_mtok":"cheap"}}}');
  expect(() => readPriceOverrides(file)).toThrow(/AI_PRICES_FILE .*input_mtok/s);
  writeFileSync(file, "not json");
  expect(() => readPriceOverrides(file)).toThrow(/AI_PRICES_FILE/);
  expect(() => readPriceOverrides(`${file}.none`)).toThrow(/AI_PRICES_FILE/);
});
