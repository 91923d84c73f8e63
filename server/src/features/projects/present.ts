import type { Project } from "@charlie/contract";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { projects } from "../../db/schema/agents.ts";
import { notFound } from "../../errors.ts";

/** The columns of a project with the number of its live agents. */
export const projectColumns = {
  id: projects.id,
  name: projects.name,
  createdAt: projects.createdAt,
  updatedAt: projects.updatedAt,
  frozen: sql<boolean>`projects.frozen_at is not null`,
  // Written out: Drizzle leaves table names out of a query on one table, and both tables have an `id`.
  agentCount: sql<number>`(select count(*)::int from agents where agents.project_id = projects.id and agents.deleted_at is null)`,
};

type Row = { id: string; name: string; createdAt: Date; updatedAt: Date; frozen: boolean; agentCount: number };

export const presentProject = (row: Row): Project => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** One project of the workspace that is not deleted. Throws 404. */
export async function findProject(tx: Tx, id: string): Promise<Project> {
  const [row] = await tx
    .select(projectColumns)
    .from(projects)
    .where(and(eq(projects.id, id), isNull(projects.deletedAt)));
  if (!row) throw notFound("project");
  return presentProject(row);
}
