export interface ProblemWords {
  /** What happened, as one short sentence. */
  title: string;
  /** What is safe, and what to do. */
  detail: string;
  /** Finds the request in the operator's log. */
  reference: string | null;
}

function textOf(value: unknown, key: string): string | null {
  if (typeof value !== "object" || value === null || !(key in value)) return null;
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" && found !== "" ? found : null;
}

/**
 * Words for anything that was thrown: a problem (RFC 9457, or an error that carries one in `problem`) speaks for itself,
 * a broken connection and the unforeseen get plain sentences. Never shows a stack or an internal message.
 */
export function wordsFor(error: unknown): ProblemWords {
  const inner: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "problem") : undefined;
  const problem = inner ?? error;
  const title = textOf(problem, "title");
  const reference = textOf(problem, "requestId");
  if (title) {
    const detail = textOf(problem, "detail") ?? "Nothing is lost. Please try again in a moment.";
    return { title, detail, reference };
  }
  // Browsers reject `fetch` with a TypeError when no answer came at all.
  if (error instanceof TypeError) {
    return {
      title: "The connection broke",
      detail: "Nothing is lost. Check that you are online, then try again.",
      reference: null,
    };
  }
  return {
    title: "Something on our side didn't work",
    detail: "Nothing is lost. Try again; if it happens once more, come back in a few minutes.",
    reference,
  };
}
