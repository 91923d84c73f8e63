import type { Project } from "@charlie/contract";
import { and, eq, isNull } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { agents, projects } from "../../db/schema/agents.ts";
import { conflict, notFound } from "../../errors.ts";
import { countLive, lockWorkspace, needRoomFor } from "../plans/index.ts";
import { audit } from "../workspaces/index.ts";
import { findProject } from "./present.ts";

/**
 * Deletes a project with its agents, all with the same time stamp, by which restore finds them. The last one that is
 * live stays (409).
 */
export async function deleteProject(ctx: Ctx, id: string): Promise<null> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    const { frozen } = await findProject(tx, id);
    if (!frozen && (await countLive(tx, ctx.workspaceId, "projects")) === 1) {
      throw conflict("last_project", "This is the only project you can work in, so it stays. You can rename it.");
    }
    const deletedAt = new Date();
    await tx.update(projects).set({ deletedAt }).where(eq(projects.id, id));
    await tx
      .update(agents)
      .set({ deletedAt })
      .where(and(eq(agents.projectId, id), isNull(agents.deletedAt)));
    await audit(tx, ctx, "project.deleted", id);
    return null;
  });
}

/**
 * Brings a deleted project back, with the agents that went with it. What was frozen is so again and needs no room.
 * Throws 402 where the limits have no room for the others.
 */
export async function restoreProject(ctx: Ctx, id: string): Promise<Project> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    const [gone] = await tx.select().from(projects).where(eq(projects.id, id));
    if (!gone) throw notFound("project");
    // Restored already: pressing "Undo" twice asks for no more room.
    if (!gone.deletedAt) return findProject(tx, id);
    if (!gone.frozenAt) await needRoomFor(ctx, tx, "projects");
    await tx.update(projects).set({ deletedAt: null }).where(eq(projects.id, id));
    const itsAgents = and(eq(agents.projectId, id), eq(agents.deletedAt, gone.deletedAt));
    for (const agent of await tx.select().from(agents).where(itsAgents)) {
      const frozenAt = agent.frozenAt ?? gone.frozenAt;
      if (!frozenAt) await needRoomFor(ctx, tx, "agents");
      await tx.update(agents).set({ deletedAt: null, frozenAt }).where(eq(agents.id, agent.id));
    }
    await audit(tx, ctx, "project.restored", id);
    return findProject(tx, id);
  });
}
