import type { KeptDecision } from "@charlie/contract";
import { and, desc, eq, lt } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { decisions } from "../../db/schema/usage.ts";
import { idPlace, pageOfRows, readCursor } from "../../http/pages.ts";
import { presentKept } from "./present.ts";

/** What was refused in the workspace and why, newest first. */
export async function listDecisions(
  ctx: Ctx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: KeptDecision[]; nextCursor: string | null }> {
  needRole(ctx, "viewer");
  const [before] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  const rows = await ctx.transaction((tx) =>
    tx
      .select()
      .from(decisions)
      .where(
        // The workspace is named for the index's sake; the policy would do.
        and(eq(decisions.workspaceId, ctx.workspaceId), before === undefined ? undefined : lt(decisions.id, before)),
      )
      .orderBy(desc(decisions.id))
      .limit(limit + 1),
  );
  return pageOfRows(rows, limit, presentKept, (row) => [row.id]);
}
