import type { Agent } from "@charlie/contract";
import { and, eq, isNotNull } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { agents } from "../../db/schema/agents.ts";
import { conflict, notFound } from "../../errors.ts";
import { needRoomFor } from "../plans/index.ts";
import { audit } from "../workspaces/index.ts";
import { chooseProject, findAgent, presentAgent } from "./present.ts";

/** Deletes an agent; `restoreAgent` brings it back with its conversations. */
export async function deleteAgent(ctx: Ctx, id: string): Promise<null> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await findAgent(tx, id);
    await tx.update(agents).set({ deletedAt: new Date() }).where(eq(agents.id, id));
    await audit(tx, ctx, "agent.deleted", id);
    return null;
  });
}

/** Undoes a deletion. Throws 402 where the plan's limit is met meanwhile, 409 where its project is gone too. */
export async function restoreAgent(ctx: Ctx, id: string): Promise<Agent> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await needRoomFor(ctx, tx, "agents");
    const [gone] = await tx
      .select()
      .from(agents)
      .where(and(eq(agents.id, id), isNotNull(agents.deletedAt)));
    if (!gone) throw notFound("agent");
    await chooseProject(tx, gone.projectId).catch(() => {
      throw conflict("project_deleted", "Its project was deleted too. Bring the project back first.");
    });
    await tx.update(agents).set({ deletedAt: null }).where(eq(agents.id, id));
    await audit(tx, ctx, "agent.restored", id);
    return presentAgent(await findAgent(tx, id));
  });
}
