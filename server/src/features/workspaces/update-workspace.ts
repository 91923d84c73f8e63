import type { Workspace } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";
import { audit } from "./audit.ts";
import { presentWorkspace } from "./get-me.ts";

/** Renames the workspace that the request acts in. Throws 404 for any other. */
export async function updateWorkspace(ctx: Ctx, id: string, change: { name: string }): Promise<Workspace> {
  needRole(ctx, "admin");
  return ctx.transaction(async (tx) => {
    const [row] = await tx
      .update(workspaces)
      .set({ name: change.name, updatedAt: new Date() })
      .where(eq(workspaces.id, id))
      .returning();
    if (!row) throw notFound("workspace");
    await audit(tx, ctx, "workspace.renamed", id, change);
    return presentWorkspace(row, ctx.role);
  });
}
