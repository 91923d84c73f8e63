import { and, eq, isNull } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { conversations, runningAnswers } from "../../db/schema/chat.ts";
import { notFound } from "../../errors.ts";
import { audit } from "../workspaces/index.ts";
import { stillAnswering } from "./accept.ts";

/** Deletes a conversation; what it used stays counted. Throws 404, and 409 while an answer runs in it. */
export async function deleteConversation(ctx: Ctx, id: string): Promise<null> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx, inner) => {
    // A question being accepted holds this row, so either it is seen below or it finds the conversation gone.
    const deleted = await tx
      .update(conversations)
      .set({ deletedAt: new Date() })
      .where(and(eq(conversations.id, id), isNull(conversations.deletedAt)))
      .returning({ id: conversations.id });
    if (deleted.length === 0) throw notFound("conversation");
    const running = await tx
      .select({ id: runningAnswers.messageId })
      .from(runningAnswers)
      .where(eq(runningAnswers.conversationId, id));
    if (running.length > 0) throw stillAnswering();
    await audit(tx, inner, "conversation.deleted", id);
    return null;
  });
}
