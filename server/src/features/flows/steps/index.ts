import type { FlowStep, TraceStep } from "@charlie/contract";
import type { StepModule, StepOutput, StepRun, StepTrace } from "../step.ts";
import { brainStep } from "./brain.ts";
import { inputStep } from "./input.ts";
import { instructionsStep } from "./instructions.ts";
import { outputStep } from "./output.ts";
import { taughtStep } from "./taught.ts";

/** Every type of step. A new one is one file beside these and one line here. */
const modules: { [T in FlowStep["type"]]: StepModule<T> } = {
  input: inputStep,
  instructions: instructionsStep,
  taught: taughtStep,
  brain: brainStep,
  output: outputStep,
};

/** Runs one step, whatever its type. */
export function runStep<T extends FlowStep["type"]>(
  step: Extract<FlowStep, { type: T }>,
  run: StepRun,
): Promise<{ output: StepOutput | null; trace: StepTrace<TraceStep["type"]> }> {
  const module: StepModule<T> = modules[step.type];
  return module.run(step, run);
}
