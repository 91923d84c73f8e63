import type { AgentSummary } from "@charlie/contract";
import { and, desc, eq, isNull, lt } from "drizzle-orm";
import type { Ctx } from "../../context.ts";
import { agents } from "../../db/schema/agents.ts";
import { idPlace, pageOfRows, readCursor } from "../../http/pages.ts";
import { presentSummary } from "./present.ts";

/** The workspace's agents, newest first. */
export async function listAgents(
  ctx: Ctx,
  { limit, cursor, projectId }: { limit: number; cursor?: string | undefined; projectId?: string | undefined },
): Promise<{ items: AgentSummary[]; nextCursor: string | null }> {
  const [before] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  const rows = await ctx.transaction((tx) =>
    tx
      .select()
      .from(agents)
      .where(
        and(
          isNull(agents.deletedAt),
          projectId === undefined ? undefined : eq(agents.projectId, projectId),
          before === undefined ? undefined : lt(agents.id, before),
        ),
      )
      .orderBy(desc(agents.id))
      .limit(limit + 1),
  );
  return pageOfRows(rows, limit, presentSummary, (row) => [row.id]);
}
