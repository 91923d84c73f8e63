import type { StepModule, Turn } from "../step.ts";

/** How much of a conversation an agent remembers, in characters; what is older is forgotten first. */
export const rememberedCharacters = 24_000;

/** The newest turns that fit, oldest first, beginning with a question (providers refuse to begin with an answer). */
export function remember(history: Turn[], limit = rememberedCharacters): Turn[] {
  const kept: Turn[] = [];
  let length = 0;
  for (const turn of history.toReversed()) {
    if (turn.text.trim() === "") continue;
    length += turn.text.length;
    if (length > limit) break;
    kept.unshift(turn);
  }
  const first = kept.findIndex(({ role }) => role === "user");
  return first === -1 ? [] : kept.slice(first);
}

/** Where a flow begins: the question and what is remembered of the conversation. */
export const inputStep: StepModule<"input"> = {
  run: (_, { input }) => {
    const history = remember(input.history);
    return Promise.resolve({
      output: { kind: "question", agentName: input.agentName, question: input.question, history },
      trace: { type: "input", remembered: history.length },
    });
  },
};
