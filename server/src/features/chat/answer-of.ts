import type { Answer, AnswerStarted } from "@charlie/contract";
import type { Ctx } from "../../context.ts";
import { AppError, unavailable } from "../../errors.ts";
import type { Chat } from "./start-chat.ts";
import { chatFailures } from "./types.ts";

/** HTTP's word for a failed answer. Not 429 or 402: those say that *our* limits were met. */
function statusOf(code: string): number {
  if (code === "timed_out") return 504;
  if (code === chatFailures.interrupted.code) return 503;
  if (code === chatFailures.internal.code) return 500;
  return code === chatFailures.stopped.code ? 409 : 502;
}

/** Waits for an answer and returns it whole, for programs. Throws the failure of one that was given back. */
export async function answerOf(ctx: Ctx, chat: Chat, place: AnswerStarted): Promise<Answer> {
  const ending = await chat.follow(ctx, place.messageId, () => undefined);
  if (!ending) {
    throw unavailable("restarting", "This server is about to restart. Ask again with the same Idempotency-Key.");
  }
  const { state, text, failure, usage } = ending;
  if (state === "failed" || usage === null) {
    const { code, message } = failure ?? chatFailures.internal;
    throw new AppError(statusOf(code), code, message);
  }
  return { ...place, state, text, usage };
}
