import type { AnswerStarted } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { findAnswer } from "./present.ts";

/** Where a running answer is kept, for a reader who comes to it; null when it is over. Throws 404. */
export async function joinAnswer(ctx: Ctx, id: string): Promise<AnswerStarted | null> {
  needRole(ctx, "viewer");
  const { message } = await ctx.transaction((tx) => findAnswer(tx, id));
  if (message.state !== "answering" || message.replyTo === null) return null;
  return { messageId: id, userMessageId: message.replyTo, conversationId: message.conversationId };
}
