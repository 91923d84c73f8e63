import { flowOf, type Answers, type UsedSentence } from "@charlie/contract";
import { defaultTimeouts, offlineBrain } from "../ai/index.ts";
import { runFlow } from "./run-flow.ts";

/**
 * What an agent with these answers would say: the engine with the offline brain, at once, stored and counted nowhere.
 */
export async function previewAnswer(
  { agentName, text, ...answers }: Answers & { agentName: string; text: string },
  signal: AbortSignal = new AbortController().signal,
): Promise<{ text: string; used: UsedSentence[] }> {
  const outcome = await runFlow(
    flowOf(answers),
    { agentName, question: text, history: [] },
    { brain: offlineBrain({ pauseMs: 0, timeouts: defaultTimeouts }), signal, onText: () => undefined },
  );
  return { text: outcome.text, used: outcome.trace.steps.flatMap((step) => (step.type === "taught" ? step.used : [])) };
}
