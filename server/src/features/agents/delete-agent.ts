import type { Agent } from "@charlie/contract";
import { and, eq, isNull } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { agents, projects } from "../../db/schema/agents.ts";
import { conflict, notFound } from "../../errors.ts";
import { lockWorkspace, needRoomFor } from "../plans/index.ts";
import { audit } from "../workspaces/index.ts";
import { findAgent, presentAgent } from "./present.ts";

/** Deletes an agent; `restoreAgent` brings it back with its conversations. */
export async function deleteAgent(ctx: Ctx, id: string): Promise<null> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    await findAgent(tx, id);
    await tx.update(agents).set({ deletedAt: new Date() }).where(eq(agents.id, id));
    await audit(tx, ctx, "agent.deleted", id);
    return null;
  });
}

/**
 * Undoes a deletion. What was frozen is so again and needs no room, as does what comes back into a frozen project.
 * Throws 402 where the plan's limit is met meanwhile, 409 where its project is gone too.
 */
export async function restoreAgent(ctx: Ctx, id: string): Promise<Agent> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    const [gone] = await tx.select().from(agents).where(eq(agents.id, id));
    if (!gone) throw notFound("agent");
    // Restored already: pressing "Undo" twice asks for no more room.
    if (!gone.deletedAt) return presentAgent(gone);
    const itsProject = and(eq(projects.id, gone.projectId), isNull(projects.deletedAt));
    const [project] = await tx.select().from(projects).where(itsProject);
    if (!project) throw conflict("project_deleted", "Its project was deleted too. Bring the project back first.");
    const frozenAt = gone.frozenAt ?? project.frozenAt;
    if (!frozenAt) await needRoomFor(ctx, tx, "agents");
    await tx.update(agents).set({ deletedAt: null, frozenAt }).where(eq(agents.id, id));
    await audit(tx, ctx, "agent.restored", id);
    return presentAgent(await findAgent(tx, id));
  });
}
