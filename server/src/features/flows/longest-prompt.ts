import type { Flow } from "@charlie/contract";
import type { BrainPrompt } from "../ai/index.ts";
import { promptOf } from "./prompt.ts";
import type { FlowInput, StepOutput } from "./step.ts";
import { remember } from "./steps/input.ts";

/** Everything that any brain of this flow can be told at most, in one prompt, and how many brains it asks. */
export function longestPrompt(flow: Flow, input: FlowInput): { prompt: BrainPrompt; brains: number } {
  const received = flow.steps.flatMap((step): StepOutput[] => {
    if (step.type === "instructions") return [{ kind: "instructions", who: step.who, rules: step.rules }];
    return step.type === "taught" ? [{ kind: "taught", tricks: step.tricks }] : [];
  });
  const { agentName, question } = input;
  const asked: StepOutput = { kind: "question", agentName, question, history: remember(input.history) };
  return {
    prompt: promptOf({ input, received: [...received, asked] }),
    brains: flow.steps.filter(({ type }) => type === "brain").length,
  };
}
