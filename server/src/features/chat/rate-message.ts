import type { Feedback, Message } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { messages } from "../../db/schema/chat.ts";
import { findAnswer, presentMessage } from "./present.ts";

/** Thumbs up or down for an answer; the newest rating stays. Throws 404. */
export async function rateMessage(ctx: Ctx, id: string, feedback: Feedback): Promise<Message> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    const row = await findAnswer(tx, id);
    await tx.update(messages).set({ feedback }).where(eq(messages.id, id));
    return presentMessage({ ...row, message: { ...row.message, feedback } });
  });
}
