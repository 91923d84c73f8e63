import type { Project } from "@charlie/contract";
import { and, eq, isNull } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { projects } from "../../db/schema/agents.ts";
import { projectFrozen } from "../plans/index.ts";
import { audit } from "../workspaces/index.ts";
import { findProject } from "./present.ts";

/** Renames a project. Throws 409 where it is frozen. */
export async function updateProject(ctx: Ctx, id: string, change: { name: string }): Promise<Project> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await tx
      .update(projects)
      .set({ name: change.name, updatedAt: new Date() })
      .where(and(eq(projects.id, id), isNull(projects.deletedAt), isNull(projects.frozenAt)));
    const project = await findProject(tx, id);
    if (project.frozen) throw projectFrozen();
    await audit(tx, ctx, "project.renamed", id, change);
    return project;
  });
}
