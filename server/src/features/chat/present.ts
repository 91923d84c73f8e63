import type { ConversationSummary, Message } from "@charlie/contract";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { agents } from "../../db/schema/agents.ts";
import { conversations, messages } from "../../db/schema/chat.ts";
import { usageEvents } from "../../db/schema/usage.ts";
import { notFound } from "../../errors.ts";

/** A message, with its ledger row where it has one. */
export interface MessageRow {
  message: typeof messages.$inferSelect;
  ledger: typeof usageEvents.$inferSelect | null;
}

const usageOf = (ledger: MessageRow["ledger"]): Message["usage"] => {
  // What a given-back answer cost the operator is no usage of its own.
  if (!ledger || ledger.givenBack) return null;
  const { tokensIn, tokensOut, tokensCached, costMicros, passedOn, ownKeyMicros, payer } = ledger;
  return { tokensIn, tokensOut, tokensCached, costMicros, passedOn, ownKeyMicros, payer };
};

export const presentMessage = ({ message, ledger }: MessageRow): Message => ({
  id: message.id,
  conversationId: message.conversationId,
  role: message.role,
  text: message.text,
  state: message.state,
  createdAt: message.createdAt.toISOString(),
  failure: message.failure,
  feedback: message.feedback,
  trace: message.trace,
  usage: usageOf(ledger),
});

export const presentConversation = (row: typeof conversations.$inferSelect): ConversationSummary => ({
  id: row.id,
  agentId: row.agentId,
  title: row.title,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** One answer of the workspace, in a conversation that is not deleted. Throws 404. */
export async function findAnswer(tx: Tx, id: string): Promise<MessageRow> {
  const [row] = await tx
    .select({ message: messages, ledger: usageEvents })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .leftJoin(usageEvents, eq(usageEvents.messageId, messages.id))
    .where(and(eq(messages.id, id), eq(messages.role, "assistant"), isNull(conversations.deletedAt)))
    // Planned once for each connection: see getConversation.
    .prepare("chat-answer")
    .execute();
  if (!row) throw notFound("answer");
  return row;
}

/** One conversation of the workspace; neither it nor its agent is deleted. Throws 404. */
export async function findConversation(tx: Tx, id: string): Promise<typeof conversations.$inferSelect> {
  const [row] = await tx
    .select({ conversation: conversations })
    .from(conversations)
    .innerJoin(agents, eq(agents.id, conversations.agentId))
    .where(and(eq(conversations.id, id), isNull(conversations.deletedAt), isNull(agents.deletedAt)));
  if (!row) throw notFound("conversation");
  return row.conversation;
}
