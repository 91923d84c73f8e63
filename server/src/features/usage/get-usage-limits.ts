import { planOf, type UsageLimits } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";
import { countLive } from "../plans/index.ts";
import { currentMetrics } from "./current-metrics.ts";

/** The plan's limits beside what is used of them now. */
export async function getUsageLimits(ctx: Ctx): Promise<UsageLimits> {
  needRole(ctx, "viewer");
  return ctx.transaction(async (tx) => {
    const [workspace] = await tx
      .select({ plan: workspaces.plan })
      .from(workspaces)
      .where(eq(workspaces.id, ctx.workspaceId));
    if (!workspace) throw notFound("workspace");
    const { limits } = planOf(workspace.plan);
    const messages = (await currentMetrics(tx, ctx.workspaceId)).find(({ metric }) => metric === "messages");
    return {
      plan: workspace.plan,
      messagesPerDay: {
        used: messages?.value ?? 0,
        limit: limits.messagesPerDay,
        resetsAt: messages?.periodEnd.toISOString() ?? null,
      },
      agents: { used: await countLive(tx, ctx.workspaceId, "agents"), limit: limits.agents, resetsAt: null },
      projects: { used: await countLive(tx, ctx.workspaceId, "projects"), limit: limits.projects, resetsAt: null },
    };
  });
}
