import { homeOf, listModels } from "../../../integrations/ai/index.ts";
import { ask, check, Wrong } from "./check.ts";

type Provider = "openai" | "anthropic";
const names: Record<Provider, string> = { openai: "OpenAI", anthropic: "Anthropic" };

async function models(provider: Provider, apiKey: string, baseUrl: string | undefined): Promise<string> {
  const connection = { provider, apiKey, baseUrl: baseUrl ?? homeOf[provider], fetch };
  const listing = await listModels(connection, 10_000);
  if (listing.ok) return `${listing.models.length} models`;
  const name = names[provider];
  if (listing.why === "refused") throw new Wrong(`${name} refuses the key`, `Make a new one in ${name}'s console.`);
  if (listing.why === "unreachable")
    throw new Wrong(`${name} cannot be reached, or asks to wait`, "Look at its status page, then check again.");
  throw new Wrong(
    "no AI server answers at this address",
    `Look at ${provider.toUpperCase()}_BASE_URL; it usually ends in /v1.`,
  );
}

const openai = check({
  id: "ai.openai",
  group: "ai",
  looksAt: "OpenAI takes your key",
  needed: false,
  variables: ["OPENAI_API_KEY"],
  reads: ["OPENAI_BASE_URL"],
  run: ({ OPENAI_API_KEY, OPENAI_BASE_URL }) => models("openai", OPENAI_API_KEY, OPENAI_BASE_URL),
});

const anthropic = check({
  id: "ai.anthropic",
  group: "ai",
  looksAt: "Anthropic takes your key",
  needed: false,
  variables: ["ANTHROPIC_API_KEY"],
  reads: ["ANTHROPIC_BASE_URL"],
  run: ({ ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL }) => models("anthropic", ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL),
});

const langflow = check({
  id: "ai.langflow",
  group: "ai",
  looksAt: "Langflow is well and takes your key",
  needed: false,
  variables: ["LANGFLOW_URL", "LANGFLOW_API_KEY"],
  run: async ({ LANGFLOW_URL, LANGFLOW_API_KEY }, { signal }) => {
    const base = LANGFLOW_URL.replace(/\/+$/, "");
    const health = await ask("Langflow", `${base}/health`, { signal });
    if (!health.ok) throw new Wrong(`Langflow says it is not well (${health.status})`, "Look at Langflow's log.");
    const mine = await ask("Langflow", `${base}/api/v1/users/whoami`, {
      headers: { "x-api-key": LANGFLOW_API_KEY },
      signal,
    });
    if (mine.status === 401 || mine.status === 403)
      throw new Wrong("Langflow refuses the key", "Make a new one in Langflow: Settings, Langflow API Keys.");
    if (!mine.ok) throw new Wrong(`Langflow answers ${mine.status}`, "Look whether LANGFLOW_URL is Langflow's.");
    return "well, and the key is taken";
  },
});

export const aiChecks = [openai, anthropic, langflow];
