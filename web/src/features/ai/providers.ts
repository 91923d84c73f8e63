import type { Brain, BrainProvider, KeyProvider } from "@charlie/contract";

export interface ProviderWords {
  name: string;
  /** For whom it is, in one sentence. */
  about: string;
  /** How to get a key, step by step. */
  steps: readonly string[];
  /** Where to get one; `null` where everybody has their own place. */
  place: { label: string; url: string } | null;
  /** How a key begins, to recognise it. */
  example: string;
}

/** What the page says of each provider for which a key can be saved. */
export const providers: Record<KeyProvider, ProviderWords> = {
  openai: {
    name: "OpenAI",
    about: "The makers of ChatGPT. A ChatGPT subscription is something else: you need an account for programs there.",
    steps: [
      "Sign in on OpenAI’s page for API keys and add a payment method or credit.",
      "Press “Create new secret key”, give it a name such as Charlie, and copy it. It is shown only once.",
      "Paste it here. We ask OpenAI whether it works before we keep it.",
    ],
    place: { label: "OpenAI’s page for API keys", url: "https://platform.openai.com/api-keys" },
    example: "sk-…",
  },
  anthropic: {
    name: "Anthropic",
    about: "The makers of Claude. You need an account in their console; a Claude subscription is something else.",
    steps: [
      "Sign in to Anthropic’s console and buy a little credit.",
      "Open “API keys”, press “Create key”, and copy it. It is shown only once.",
      "Paste it here. We ask Anthropic whether it works before we keep it.",
    ],
    place: { label: "Anthropic’s page for API keys", url: "https://console.anthropic.com/settings/keys" },
    example: "sk-ant-…",
  },
  compatible: {
    name: "Another AI server",
    about: "Many providers, and programs that run on your own computer, speak the same language as OpenAI.",
    steps: [
      "Look in your provider’s help for “OpenAI-compatible” or “base URL”. The address usually ends in /v1.",
      "Get a key there. A server without keys takes any word of eight letters.",
      "Write both here. We ask the server whether they work before we keep them.",
    ],
    place: null,
    example: "The key of your server",
  },
};

const names: Record<BrainProvider, string> = {
  offline: "his practice brain",
  openai: providers.openai.name,
  anthropic: providers.anthropic.name,
  compatible: "your own AI server",
};

/** Which brain answers where an agent has not chosen one, and who pays for it. */
export function autoWords(auto: BrainProvider, brains: readonly Brain[]): string {
  const source = brains.find(({ provider }) => provider === auto)?.source;
  if (auto === "offline") {
    return "Right now Charlie answers with his practice brain: he repeats what you taught him. Save one key below and he understands and writes freely.";
  }
  const who = `Right now Charlie answers with ${names[auto]}`;
  if (source === "operator")
    return `${who}, through this service. What the provider charges is passed on without a markup.`;
  return `${who}, with your own key. You pay your provider directly; this service adds nothing.`;
}
