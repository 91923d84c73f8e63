import type { BrainProvider } from "@charlie/contract";

interface BrainFacts {
  name: string;
  /** What "More" offers; with an own key any other id can be typed. First comes the default. */
  models: readonly string[];
}

/** The brains, and for each a few well-known models that have a price. */
export const brainFacts: Record<BrainProvider, BrainFacts> = {
  offline: { name: "Charlie's offline brain", models: ["charlie-offline"] },
  openai: { name: "OpenAI", models: ["gpt-6-luna", "gpt-6-sol", "gpt-6-astra", "gpt-5-mini"] },
  anthropic: { name: "Anthropic", models: ["claude-haiku-4-5", "claude-sonnet-5", "claude-opus-5-5"] },
  compatible: { name: "OpenAI-compatible server", models: [] },
};

/** The longest answer in tokens, where an agent sets none. Models that think first need room for it. */
export const defaultMaxOutputTokens = 4_096;
