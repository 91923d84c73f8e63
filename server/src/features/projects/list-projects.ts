import type { Project } from "@charlie/contract";
import { and, asc, gt, isNull } from "drizzle-orm";
import type { Ctx } from "../../context.ts";
import { projects } from "../../db/schema/agents.ts";
import { idPlace, pageOfRows, readCursor } from "../../http/pages.ts";
import { presentProject, projectColumns } from "./present.ts";

/** The workspace's projects, oldest first. */
export async function listProjects(
  ctx: Ctx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: Project[]; nextCursor: string | null }> {
  const [after] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  const rows = await ctx.transaction((tx) =>
    tx
      .select(projectColumns)
      .from(projects)
      .where(and(isNull(projects.deletedAt), after === undefined ? undefined : gt(projects.id, after)))
      .orderBy(asc(projects.id))
      .limit(limit + 1),
  );
  return pageOfRows(rows, limit, presentProject, (row) => [row.id]);
}
