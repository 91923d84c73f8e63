import type { Decision, Problem } from "@charlie/contract";

/** The server said no, in a problem document (RFC 9457). `wordsFor` of `ui/problem-words.ts` puts it on a page. */
export class CallError extends Error {
  readonly problem: Problem;
  /** From `Retry-After`, in seconds; `null` where the server did not name a wait. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.code);
    this.name = "CallError";
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The status of a problem that was thrown; `null` for anything else (a broken connection, a bug). */
export const statusOf = (error: unknown): number | null => (error instanceof CallError ? error.problem.status : null);

/** The decision behind a 402; `null` for every other error. */
export const decisionOf = (error: unknown): Decision | null =>
  error instanceof CallError && error.problem.status === 402 ? (error.problem.decision ?? null) : null;

/** What is wrong with which field of a form, by the field's name; empty where the error is about something else. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof CallError)) return {};
  return Object.fromEntries((error.problem.fields ?? []).map(({ path, message }) => [path, message]));
}

const unreadable = (status: number): Problem => ({
  type: "about:blank#unreadable",
  title: "Something on our side didn't answer",
  status,
  code: "unreadable",
  detail: "Nothing is lost. Please try again in a moment.",
});

/** Reads a refused answer; one that is no problem document (a proxy's page) gets plain words instead. */
export async function readProblem(response: Response): Promise<CallError> {
  const wait = Number(response.headers.get("retry-after"));
  const body: unknown = await response.json().catch(() => null);
  const told = typeof body === "object" && body !== null && "code" in body && "detail" in body;
  const problem = told ? (body as Problem) : unreadable(response.status);
  return new CallError(problem, Number.isFinite(wait) && wait > 0 ? wait : null);
}
