import { flowOf, type Flow } from "@charlie/contract";
import { expect, test } from "vitest";
import type { BrainPrompt } from "../ai/index.ts";
import { longestPrompt, runFlow } from "./index.ts";
import { offlineBrain } from "../ai/index.ts";

const bytes = ({ instructions, messages }: BrainPrompt) =>
  Buffer.byteLength(instructions + messages.map(({ content }) => content).join(""));

const input = {
  agentName: "Bella",
  question: "Do you deliver?",
  history: [
    { role: "user" as const, text: "Hi" },
    { role: "assistant" as const, text: "Hello!" },
  ],
};
const flow = flowOf({ who: "You are Bella.", rules: "Be kind.", tricks: "We open at 8." });

/** What the brains of a flow are really told. */
async function told(value: Flow): Promise<BrainPrompt[]> {
  const prompts: BrainPrompt[] = [];
  const timeouts = { firstTextMs: 1e6, betweenMs: 1e6, wholeMs: 1e6 };
  const brain = offlineBrain({ pauseMs: 0, timeouts });
  const doStream: typeof brain.model.doStream = (options) => {
    const texts = options.prompt.map(({ content }) =>
      typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "")).join(""),
    );
    prompts.push({
      instructions: texts[0] ?? "",
      messages: texts.slice(1).map((content) => ({ role: "user", content })),
      teaching: {},
    });
    return offlineBrain({ pauseMs: 0, timeouts }).model.doStream(options);
  };
  const model = { ...brain.model, doStream };
  await runFlow(value, input, { brain: { ...brain, model }, signal: new AbortController().signal, onText: () => {} });
  return prompts;
}

test("of the wizard's flow it is just what the brain is told", async () => {
  const [prompt] = await told(flow);
  const longest = longestPrompt(flow, input);
  expect(longest.brains).toBe(1);
  expect(bytes(longest.prompt)).toBe(bytes(prompt!));
});

test("of a flow with more steps it is no less than what any brain is told, for each of them", async () => {
  const more: Flow = {
    version: 1,
    steps: [
      ...flow.steps,
      { id: "more", type: "taught", tricks: "We deliver bread." },
      { id: "second", type: "brain", provider: "auto", model: null, temperature: null, maxOutputTokens: null },
    ],
    edges: [
      ...flow.edges,
      { from: "more", to: "brain" },
      { from: "more", to: "second" },
      { from: "second", to: "output" },
    ],
  };
  const longest = longestPrompt(more, input);
  const prompts = await told(more);
  expect(prompts.length).toBe(longest.brains);
  for (const prompt of prompts) expect(bytes(prompt)).toBeLessThanOrEqual(bytes(longest.prompt));
});
