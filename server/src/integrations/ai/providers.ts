import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { KeyProvider } from "@charlie/contract";
import { defaultSettingsMiddleware, wrapLanguageModel } from "ai";

/** How a provider is reached. The SDKs would read missing values from the environment, so all of them are given. */
export interface Connection {
  provider: KeyProvider;
  apiKey: string;
  baseUrl: string;
  fetch: typeof fetch;
}

/** Where the providers live unless the configuration says otherwise. */
export const homeOf = { openai: "https://api.openai.com/v1", anthropic: "https://api.anthropic.com/v1" } as const;

const makers: Record<KeyProvider, (connection: Connection, modelId: string) => LanguageModelV4> = {
  openai: ({ apiKey, baseUrl, fetch }, modelId) =>
    wrapLanguageModel({
      model: createOpenAI({ apiKey, baseURL: baseUrl, fetch })(modelId),
      // OpenAI would keep every conversation for 30 days; it is not theirs to keep.
      middleware: defaultSettingsMiddleware({ settings: { providerOptions: { openai: { store: false } } } }),
    }),
  anthropic: ({ apiKey, baseUrl, fetch }, modelId) => createAnthropic({ apiKey, baseURL: baseUrl, fetch })(modelId),
  compatible: ({ apiKey, baseUrl, fetch }, modelId) =>
    createOpenAICompatible({ name: "compatible", apiKey, baseURL: baseUrl, fetch, includeUsage: true })(modelId),
};

/** A model of a provider, ready to be asked. */
export const connectModel = (connection: Connection, modelId: string): LanguageModelV4 =>
  makers[connection.provider](connection, modelId);
