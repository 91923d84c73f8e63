import { readFileSync } from "node:fs";
import { calcPrice, type ModelPrice } from "@pydantic/genai-prices";
import { z } from "zod";
import { ConfigError } from "../../config.ts";
import type { TokenUse } from "./types.ts";

type PricedProvider = "openai" | "anthropic";

const dollars = z.number().min(0);
/** Dollars per million tokens, in the names that genai-prices uses. */
const modelPrice = z.strictObject({
  input_mtok: dollars,
  output_mtok: dollars,
  cache_read_mtok: dollars.optional(),
  cache_write_mtok: dollars.optional(),
});
const priceFile = z.strictObject({
  openai: z.record(z.string(), modelPrice).optional(),
  anthropic: z.record(z.string(), modelPrice).optional(),
});
export type PriceOverrides = z.infer<typeof priceFile>;

/** Reads AI_PRICES_FILE: `{ "openai": { "<model>": { "input_mtok": 2.5, "output_mtok": 10 } } }`. Throws a ConfigError that names the variable. */
export function readPriceOverrides(path: string): PriceOverrides {
  try {
    return priceFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : "it cannot be read as JSON";
    throw new ConfigError(`AI_PRICES_FILE (${path}) does not hold prices: ${why}`, { cause: error });
  }
}

export interface Prices {
  /** What these tokens cost in whole micro-dollars, rounded up once; `null` where the model has no price. */
  micros(provider: PricedProvider, model: string, use: TokenUse): number | null;
  has(provider: PricedProvider, model: string): boolean;
}

/** Prices from genai-prices, with the operator's own in front. */
export function makePrices(overrides: PriceOverrides = {}): Prices {
  const price = (provider: PricedProvider, model: string, use: TokenUse) => {
    const own = overrides[provider]?.[model];
    const custom = own && {
      id: provider,
      name: provider,
      api_pattern: "",
      models: [{ id: model, match: { equals: model }, prices: own as ModelPrice }],
    };
    const cached = Math.min(use.cached, use.in);
    const usage = {
      input_tokens: use.in,
      output_tokens: use.out,
      cache_read_tokens: cached,
      cache_write_tokens: Math.min(use.cacheWritten, use.in - cached),
    };
    return calcPrice(usage, model, custom ? { provider: custom } : { providerId: provider });
  };
  const micros: Prices["micros"] = (provider, model, use) => {
    const found = price(provider, model, use);
    // A price list that names only one side (say, an embedding) would count the other as free.
    if (found?.model_price["input_mtok"] === undefined || found.model_price["output_mtok"] === undefined) return null;
    // Binary fractions: 0.000123 × 1e6 is 122.99999999999999. Cut the noise first, then round up.
    return Math.ceil(Number((found.total_price * 1e6).toFixed(6)));
  };
  return {
    micros,
    has: (provider, model) => micros(provider, model, { in: 1, out: 1, cached: 0, cacheWritten: 0 }) !== null,
  };
}
