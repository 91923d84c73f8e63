import { CallError } from "../../api/index.ts";
import { wordsFor } from "../../ui/problem-words.ts";

/** The stable code of a problem; `null` for everything that is none. */
export const codeOf = (error: unknown): string | null => (error instanceof CallError ? error.problem.code : null);

export interface Refusal {
  error: unknown;
  /** The question was taken; only its answer could not be shown. */
  taken: boolean;
}

export interface RefusalWords {
  title: string;
  detail: string;
  /** Where the person can do something about it, besides asking again. */
  help: "ai-keys" | "awake" | null;
  /** Nothing went wrong; it is only not the moment. */
  harmless: boolean;
}

const about: Record<string, RefusalWords["help"]> = { key_missing: "ai-keys", agent_frozen: "awake" };

/** Words for what kept a question from its answer. One that was not taken is back in the field by then. */
export function refusalWords({ error, taken }: Refusal, name: string): RefusalWords {
  const code = codeOf(error);
  if (code === "answer_running") {
    return {
      title: `${name} is still answering`,
      detail: "You asked something in this chat a moment ago, perhaps in another tab. Your new question is kept below.",
      help: null,
      harmless: true,
    };
  }
  if (code === null && error instanceof TypeError) {
    return {
      title: "The connection broke",
      detail: taken
        ? `${name} has your question, and his answer is kept. Load this page again when you are online.`
        : "Your question is kept below. Send it again when you are online; it will not count twice.",
      help: null,
      harmless: false,
    };
  }
  const { title, detail } = wordsFor(error);
  return { title, detail, help: about[code ?? ""] ?? null, harmless: false };
}
