import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Config } from "../../config.ts";
import { homeOf, makeGuardedFetch } from "../../integrations/ai/index.ts";
import { keepLast, type KeepLast } from "../../keep-last.ts";
import { makePrices, readPriceOverrides, type Prices } from "./prices.ts";
import type { BrainTimeouts } from "./types.ts";
import { makeVault, type Vault } from "./vault.ts";

/** How long real brains may take. */
export const defaultTimeouts: BrainTimeouts = { firstTextMs: 30_000, betweenMs: 60_000, wholeMs: 300_000 };

/** How many models stay ready; each holds some 50 kB. */
const mostConnected = 500;

/** Providers at a fixed place, for which the operator can have a key too. */
export type HostedProvider = "openai" | "anthropic";

/** What the AI verbs need from outside; made once by `makeAiServices`. */
export interface AiServices {
  vault: Vault;
  prices: Prices;
  /** Where each hosted provider is, and the operator's key there. */
  hosted: Record<HostedProvider, { baseUrl: string; operatorKey: string | null }>;
  /** Models that are ready to be asked, as making one costs more than asking it: the SDK compiles its schemas anew. */
  connected: KeepLast<LanguageModelV4>;
  /** For servers whose address a user typed. */
  guardedFetch: typeof fetch;
  /** Whether the operator has a key. */
  offered: boolean;
  /** What a Free workspace may use of the operator's keys in a period, in micro-dollars. */
  freeAllowanceMicros: number;
  timeouts: BrainTimeouts;
  /** Pause of the offline brain between two pieces of text, in milliseconds. */
  offlinePauseMs: number;
}

type AiConfig = Pick<
  Config,
  | "OPENAI_API_KEY"
  | "OPENAI_BASE_URL"
  | "ANTHROPIC_API_KEY"
  | "ANTHROPIC_BASE_URL"
  | "AI_PRICES_FILE"
  | "FREE_AI_ALLOWANCE_USD"
  | "production"
>;

/**
 * What the AI verbs need, from the configuration. `encryptionKey`: 32 bytes. Throws where AI_PRICES_FILE is not right.
 */
export function makeAiServices({
  config,
  encryptionKey,
  timeouts = defaultTimeouts,
  offlinePauseMs = 15,
}: {
  config: AiConfig;
  encryptionKey: Buffer;
  timeouts?: BrainTimeouts;
  offlinePauseMs?: number;
}): AiServices {
  return {
    vault: makeVault([encryptionKey]),
    prices: makePrices(config.AI_PRICES_FILE ? readPriceOverrides(config.AI_PRICES_FILE) : {}),
    hosted: {
      openai: { baseUrl: config.OPENAI_BASE_URL ?? homeOf.openai, operatorKey: config.OPENAI_API_KEY ?? null },
      anthropic: {
        baseUrl: config.ANTHROPIC_BASE_URL ?? homeOf.anthropic,
        operatorKey: config.ANTHROPIC_API_KEY ?? null,
      },
    },
    connected: keepLast(mostConnected),
    guardedFetch: makeGuardedFetch({ allowPrivate: !config.production }),
    offered: Boolean(config.OPENAI_API_KEY ?? config.ANTHROPIC_API_KEY),
    freeAllowanceMicros: Math.floor(config.FREE_AI_ALLOWANCE_USD * 1e6),
    timeouts,
    offlinePauseMs,
  };
}
