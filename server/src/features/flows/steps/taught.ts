import { recall } from "../../../recall/index.ts";
import { receivedOf, type StepModule } from "../step.ts";

/** How many matching sentences the trace shows at most. */
const shown = 5;

/**
 * What the agent was taught. All of it goes on to the brain (it fits); the trace shows which sentences match the question.
 */
export const taughtStep: StepModule<"taught"> = {
  run: ({ tricks }, run) => {
    const question = receivedOf(run, "question")[0]?.question ?? run.input.question;
    const used = recall({ tricks }, question)
      .slice(0, shown)
      .map(({ source, text }) => ({ source, text }));
    return Promise.resolve({ output: { kind: "taught", tricks }, trace: { type: "taught", used } });
  },
};
