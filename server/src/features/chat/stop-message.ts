import type { Message } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { stopChannel } from "./stop-listener.ts";
import { findAnswer, presentMessage } from "./present.ts";
import type { Chat } from "./start-chat.ts";

/** How long a stop waits to show the answer as it ended, in ms. */
const waitMs = 5_000;

/**
 * Stops a running answer, whichever server runs it, and returns it as it ended: `stopped` with what came until then, or
 * `failed` (given back) where nothing had come. An answer that is over is returned as it is. Throws 404.
 */
export async function stopMessage(ctx: Ctx, id: string, chat: Chat): Promise<Message> {
  needRole(ctx, "editor");
  await ctx.transaction(async (tx) => {
    await findAnswer(tx, id);
    // The notification is delivered when this commits; a server that misses it sees the mark at its next heartbeat.
    await tx.$client.query({
      name: "chat-stop",
      text: `with marked as (
          update running_answers set stop_requested_at = coalesce(stop_requested_at, now())
          where workspace_id = $1 and message_id = $2 returning message_id
        ) select pg_notify($3, message_id::text) from marked`,
      values: [ctx.workspaceId, id, stopChannel],
    });
  });
  chat.stopHere(id);
  await chat.follow(ctx, id, () => undefined, AbortSignal.timeout(waitMs));
  return ctx.transaction(async (tx) => presentMessage(await findAnswer(tx, id)));
}
