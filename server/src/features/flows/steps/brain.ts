import { usedSentence } from "@charlie/contract";
import { z } from "zod";
import { askBrain } from "../../ai/index.ts";
import { promptOf } from "../prompt.ts";
import type { StepModule } from "../step.ts";

const quotedSentences = z.array(usedSentence).nullable().catch(null);

/** Asks the brain with all that the steps before it handed over. */
export const brainStep: StepModule<"brain"> = {
  run: async (_, run) => {
    const { brain, signal, onText } = run;
    const asked = await askBrain(brain, promptOf(run), { signal, onText });
    return {
      output: {
        kind: "answer",
        use: asked.use,
        estimated: asked.estimated,
        ended: asked.ended,
        failure: asked.failure,
        quoted: quotedSentences.parse(asked.quoted),
      },
      trace: {
        type: "brain",
        provider: brain.provider,
        model: brain.modelId,
        payer: brain.payer,
        firstTextMs: asked.firstTextMs === null ? null : Math.round(asked.firstTextMs),
        tokensIn: asked.use.in,
        tokensOut: asked.use.out,
        tokensCached: asked.use.cached,
        finishReason: asked.finishReason,
      },
    };
  },
};
