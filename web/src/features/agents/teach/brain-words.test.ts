import type { Brain } from "@charlie/contract";
import { expect, test } from "vitest";
import { brainChoices, lengthChoices } from "./brain-words.ts";

const brains: Brain[] = [
  { provider: "offline", name: "Offline brain", source: "built_in", models: [], defaultModel: null },
  { provider: "openai", name: "OpenAI", source: "none", models: [], defaultModel: null },
];

test("what auto means now is named, and a brain without a key cannot be taken", () => {
  const [auto, offline, openai] = brainChoices(brains, "offline");
  expect(auto?.label).toContain("Offline brain");
  expect(offline?.disabled).toBe(false);
  expect(openai).toMatchObject({ value: "openai", disabled: true });
});

test("a length that was set elsewhere is kept among the choices", () => {
  expect(lengthChoices(null)).toHaveLength(4);
  expect(lengthChoices(400)).toHaveLength(4);
  expect(lengthChoices(1_000).at(-1)).toEqual({ value: "1000", label: "As it is: about 750 words (1,000 tokens)" });
});
