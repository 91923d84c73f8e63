import type { Failure } from "@charlie/contract";
import { APICallError } from "@ai-sdk/provider";

/** Every way in which a brain fails, with the sentence that the reader sees: what happened and what to do. */
const sentences = {
  key_refused: "The AI provider did not accept the key. Check it under Settings, AI keys, or save a new one.",
  model_unknown: "The AI provider does not know this model, or the key may not use it. Choose another one under More.",
  rate_limited: "The AI provider is getting too many questions at once. Wait a moment and try again.",
  quota_used_up: "The account at the AI provider has no credit left. Top it up there, then try again.",
  overloaded: "The AI provider has a problem right now. Wait a moment and try again.",
  timed_out: "The AI provider took too long. Try again, or ask for something shorter.",
  unreachable: "The AI provider cannot be reached right now. Wait a moment and try again.",
  cut_off: "The answer broke off before its end. Try again.",
  filtered: "The AI provider's content filter held this answer back. Put the question in other words.",
  too_long: "This is more than the model can read at once. Start a new chat, or teach a little less text.",
  empty: "No answer came back. Try again, or put the question in other words.",
  too_short: "The longest answer allowed was used up before any text came. Allow longer answers under More.",
  refused: "The AI provider did not accept the question. Try another model or other settings under More.",
} as const;

export type FailureCode = keyof typeof sentences;

/** Where the operator's key is at fault, whoever asks can do nothing about it but go another way. */
const operatorSentences: Partial<Record<FailureCode, string>> = {
  key_refused:
    "The AI provider did not accept this service's own key, so its operator has to look. Meanwhile save your own key under Settings, AI keys, or choose the offline brain under More.",
  quota_used_up:
    "This service's own account at the AI provider has no credit left, so its operator has to look. Meanwhile save your own key under Settings, AI keys, or choose the offline brain under More.",
};

/** The failure with this code and its sentence. */
export const failureOf = (code: FailureCode): Failure => ({ code, message: sentences[code] });

/** The same failure in the words for those who did not bring the key themselves. */
export const onOperatorsKey = ({ code, message }: Failure): Failure => ({
  code,
  message: operatorSentences[code as FailureCode] ?? message,
});

const says = (text: string, pattern: RegExp): boolean => pattern.test(text);

const outOfCredit =
  /insufficient_quota|insufficient.{0,20}(credit|balance|fund)|credit balance|billing|payment required|exceeded your current quota/i;
const tooLong =
  /context.{0,10}(length|window)|context_length_exceeded|prompt is too long|too many (input )?tokens|maximum.{0,20}tokens|request_too_large/i;
const filtered = /content.?(filter|policy)|content_policy_violation|safety system|moderation/i;
const overloaded = /overloaded|server_error|internal_error|api_error|service.?unavailable|temporarily/i;
const rateLimited = /rate.?limit|too many requests/i;
const badKey = /invalid.{0,6}api.?key|incorrect api key|authentication|permission_error|unauthorized/i;
const badModel = /model.{0,40}(not.?found|does not exist|unknown)|model_not_found|not_found_error/i;

/** By HTTP status first, by the provider's words where one status means several things. */
function byStatus(status: number, words: string): FailureCode | null {
  if (status === 401 || status === 403) return "key_refused";
  if (status === 402) return "quota_used_up";
  if (status === 404) return "model_unknown";
  if (status === 408 || status === 504) return "timed_out";
  if (status === 413) return "too_long";
  if (status === 429) return says(words, outOfCredit) ? "quota_used_up" : "rate_limited";
  if (status >= 500) return "overloaded";
  if (status >= 400) return byWords(words) ?? "refused";
  return null;
}

function byWords(words: string): FailureCode | null {
  if (says(words, outOfCredit)) return "quota_used_up";
  if (says(words, tooLong)) return "too_long";
  if (says(words, filtered)) return "filtered";
  if (says(words, rateLimited)) return "rate_limited";
  if (says(words, badKey)) return "key_refused";
  if (says(words, badModel)) return "model_unknown";
  return says(words, overloaded) ? "overloaded" : null;
}

const unreachable = new Set(
  `ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH EADDRNOTAVAIL CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT
  UNABLE_TO_VERIFY_LEAF_SIGNATURE ERR_TLS_CERT_ALTNAME_INVALID FORBIDDEN_ADDRESS`.split(/\s+/),
);
const cut = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);
const tooSlow = new Set(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** The error and what caused it, outermost first. */
function* causes(error: unknown): Generator<object> {
  let current = error;
  for (let depth = 0; depth < 8 && typeof current === "object" && current !== null; depth += 1) {
    yield current;
    current = "cause" in current ? current.cause : undefined;
  }
}

const codeOf = (error: object): string => ("code" in error && typeof error.code === "string" ? error.code : "");

/** All that an error says, for matching only: it may hold keys or texts, so it never leaves this file. */
function wordsOf(error: object): string {
  const parts = [error instanceof Error ? error.message : ""];
  if (APICallError.isInstance(error)) parts.push(error.responseBody ?? "");
  for (const field of ["data", "error", "type", "rawError"] as const) {
    const value: unknown = Reflect.get(error, field);
    if (typeof value === "string") parts.push(value);
    else if (typeof value === "object" && value !== null) parts.push(JSON.stringify(value));
  }
  return parts.join(" ");
}

/**
 * One classifier for every shape in which the AI SDK reports trouble (design/stack.md, "AI SDK 7"): an error part, a
 * thrown iterator, an error event inside a stream, a refused or cut connection. `textCame` tells a cut answer from an
 * unreachable provider.
 */
export function classify(error: unknown, textCame: boolean): Failure {
  for (const cause of causes(error)) {
    if (unreachable.has(codeOf(cause))) return failureOf("unreachable");
    if (cut.has(codeOf(cause))) return failureOf(textCame ? "cut_off" : "unreachable");
    if (tooSlow.has(codeOf(cause)) || (cause instanceof Error && cause.name === "TimeoutError"))
      return failureOf("timed_out");
    const code =
      "statusCode" in cause && typeof cause.statusCode === "number" ? byStatus(cause.statusCode, wordsOf(cause)) : null;
    if (code) return failureOf(code);
  }
  for (const cause of causes(error)) {
    const code = byWords(wordsOf(cause));
    if (code) return failureOf(code);
  }
  return failureOf(textCame ? "cut_off" : "overloaded");
}
