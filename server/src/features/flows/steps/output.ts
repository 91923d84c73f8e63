import type { StepModule } from "../step.ts";

/** Where a flow ends: the answers that reach it are what the reader gets. */
export const outputStep: StepModule<"output"> = {
  run: () => Promise.resolve({ output: null, trace: { type: "output" } }),
};
