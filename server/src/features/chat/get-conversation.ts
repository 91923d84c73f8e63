import type { Conversation } from "@charlie/contract";
import { and, desc, eq, gt, isNull } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { messages } from "../../db/schema/chat.ts";
import { usageEvents } from "../../db/schema/usage.ts";
import { findConversation, presentConversation, presentMessage } from "./present.ts";

/** As many of a conversation's newest messages as are shown. */
const shown = 1_000;

/** A conversation with its (newest 1,000) messages, oldest first; what was replaced is left out. Throws 404. */
export async function getConversation(ctx: Ctx, id: string): Promise<Conversation> {
  needRole(ctx, "viewer");
  return ctx.transaction(async (tx) => {
    const conversation = await findConversation(tx, id);
    const rows = await tx
      .select({ message: messages, ledger: usageEvents })
      .from(messages)
      .leftJoin(usageEvents, and(eq(usageEvents.messageId, messages.id), gt(usageEvents.messageId, id)))
      .where(
        and(
          eq(messages.workspaceId, ctx.workspaceId),
          eq(messages.conversationId, id),
          // Messages are newer than their conversation: months before it need no look.
          gt(messages.id, id),
          isNull(messages.replacedAt),
        ),
      )
      .orderBy(desc(messages.id))
      .limit(shown)
      // Named, so that a connection plans it once: with a partition for each month that takes longer than reading.
      .prepare("chat-conversation")
      .execute();
    return { ...presentConversation(conversation), messages: rows.toReversed().map(presentMessage) };
  });
}
