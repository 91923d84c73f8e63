import type { StepModule } from "../step.ts";

/** Who the agent is and which rules it keeps. */
export const instructionsStep: StepModule<"instructions"> = {
  run: ({ who, rules }) =>
    Promise.resolve({ output: { kind: "instructions", who, rules }, trace: { type: "instructions" } }),
};
