import type { BrainProvider, Failure, Payer } from "@charlie/contract";
import type { LanguageModelV4 } from "@ai-sdk/provider";

/** Tokens of one call to a brain. `cached` and `cacheWritten` are parts of `in`. */
export interface TokenUse {
  in: number;
  out: number;
  cached: number;
  cacheWritten: number;
}

/** How long a brain may take, in milliseconds. */
export interface BrainTimeouts {
  /** Until its first text. */
  firstTextMs: number;
  /** Between two pieces of text. */
  betweenMs: number;
  /** For the whole answer. */
  wholeMs: number;
}

/** A brain that can be asked right away: its key is known and who pays is settled. */
export interface ReadyBrain {
  provider: BrainProvider;
  modelId: string;
  payer: Payer;
  model: LanguageModelV4;
  temperature?: number;
  maxOutputTokens: number;
  timeouts: BrainTimeouts;
  /** What the operator pays for these tokens: whole micro-dollars, rounded up once; 0 unless `payer` is `operator`. */
  costMicros(use: TokenUse): number;
  /** About what the provider asks of the workspace for them; `null` unless it pays with its own key and a price is known. */
  ownKeyMicros(use: TokenUse): number | null;
}

/** What came of asking a brain once. */
export interface Asked {
  ended: "complete" | "stopped" | "failed";
  text: string;
  finishReason: string;
  use: TokenUse;
  /** The provider did not count the tokens: they are estimates. */
  estimated: boolean;
  /** Milliseconds until the first text; `null` where none came. */
  firstTextMs: number | null;
  /** What the brain itself tells of its answer; only the offline brain does. */
  quoted: unknown;
  failure: Failure | null;
}
