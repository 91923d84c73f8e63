import type { Brain } from "@charlie/contract";
import { expect, test } from "vitest";
import { autoWords } from "./providers.ts";

const brain = (provider: Brain["provider"], source: Brain["source"]): Brain => ({
  provider,
  source,
  name: provider,
  models: [],
  defaultModel: null,
});

test("says which brain answers now, and who pays for it", () => {
  expect(autoWords("offline", [brain("offline", "built_in")])).toContain("practice brain");
  expect(autoWords("openai", [brain("openai", "own_key")])).toContain("OpenAI, with your own key");
  expect(autoWords("anthropic", [brain("anthropic", "operator")])).toContain("without a markup");
});
