import type { BrainChoice } from "@charlie/contract";
import type { Ctx } from "../../context.ts";
import { createOfflineBrain } from "../../embedded/offline-brain/index.ts";
import { defaultMaxOutputTokens } from "./models.ts";
import type { AiServices } from "./services.ts";
import type { BrainTimeouts, ReadyBrain } from "./types.ts";

/** The offline brain, ready. `pauseMs` between pieces of text makes it stream like the others; 0 answers at once. */
export function offlineBrain(
  { pauseMs, timeouts }: { pauseMs: number; timeouts: BrainTimeouts },
  choice?: Pick<BrainChoice, "maxOutputTokens">,
): ReadyBrain {
  const model = createOfflineBrain({ pauseMs });
  return {
    provider: "offline",
    modelId: model.modelId,
    payer: "nobody",
    model,
    maxOutputTokens: choice?.maxOutputTokens ?? defaultMaxOutputTokens,
    timeouts,
    costMicros: () => 0,
  };
}

export async function resolveBrain(_ctx: Ctx, choice: BrainChoice, services: AiServices): Promise<ReadyBrain> {
  return offlineBrain({ pauseMs: services.offlinePauseMs, timeouts: services.timeouts }, choice);
}
