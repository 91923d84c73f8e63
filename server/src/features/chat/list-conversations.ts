import type { ConversationSummary } from "@charlie/contract";
import { and, desc, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { needRole, type Ctx } from "../../context.ts";
import { conversations } from "../../db/schema/chat.ts";
import { pageOfRows, readCursor } from "../../http/pages.ts";
import { findAgent } from "../agents/index.ts";
import { presentConversation } from "./present.ts";

const place = z.tuple([z.string().regex(/^\d{1,18}$/), z.uuid()]);

/** Microseconds since the epoch: a Date would round them, and the next page begin in the wrong place. */
const changed = sql<string>`(extract(epoch from ${conversations.updatedAt}) * 1000000)::bigint::text`;

/** An agent's conversations, those asked in last first. Throws 404. */
export async function listConversations(
  ctx: Ctx,
  agentId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: ConversationSummary[]; nextCursor: string | null }> {
  needRole(ctx, "viewer");
  const [micros, id] = cursor === undefined ? [] : readCursor(cursor, place);
  const rows = await ctx.transaction(async (tx) => {
    await findAgent(tx, agentId);
    const older = sql`(${conversations.updatedAt}, ${conversations.id})
      < (timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond', ${id}::uuid)`;
    return tx
      .select({ ...getTableColumns(conversations), changed })
      .from(conversations)
      .where(
        and(
          eq(conversations.workspaceId, ctx.workspaceId),
          eq(conversations.agentId, agentId),
          isNull(conversations.deletedAt),
          id === undefined ? undefined : older,
        ),
      )
      .orderBy(desc(conversations.updatedAt), desc(conversations.id))
      .limit(limit + 1);
  });
  return pageOfRows(rows, limit, presentConversation, (row) => [row.changed, row.id]);
}
