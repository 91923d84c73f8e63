import { planOf, type AiSpend, type UsageLimits } from "@charlie/contract";
import { and, desc, eq, gte } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { decisions } from "../../db/schema/usage.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";
import { countLive, spendCapOf, type OperatorAi } from "../plans/index.ts";
import { currentMetrics, type CurrentMetric } from "./current-metrics.ts";

type Workspace = Pick<typeof workspaces.$inferSelect, "id" | "plan" | "spendCapMicros">;

/** Whether an answer as dear as the one that was refused last would be refused now with nothing else running. */
async function isFullNow(tx: Tx, workspaceId: string, since: Date, left: number): Promise<boolean> {
  const [last] = await tx
    .select({ needed: decisions.neededMicros })
    .from(decisions)
    .where(
      and(eq(decisions.workspaceId, workspaceId), eq(decisions.limitName, "aiSpend"), gte(decisions.createdAt, since)),
    )
    .orderBy(desc(decisions.createdAt))
    .limit(1);
  return left <= 0 || (last?.needed ?? 0) > left;
}

/** AI on the operator's key beside the cap on it; `null` where this workspace has none. */
async function aiSpendOf(
  tx: Tx,
  workspace: Workspace,
  metric: CurrentMetric | undefined,
  operatorAi: OperatorAi,
): Promise<AiSpend | null> {
  const { cap, most } = spendCapOf(workspace, operatorAi);
  if (!metric || !operatorAi.offered || most === 0) return null;
  return {
    used: metric.value,
    held: metric.held,
    limit: cap,
    resetsAt: metric.periodEnd.toISOString(),
    own: workspace.spendCapMicros,
    most,
    full: await isFullNow(tx, workspace.id, metric.periodStart, cap - metric.value),
  };
}

/** The plan's limits beside what is used of them now. */
export async function getUsageLimits(ctx: Ctx, operatorAi: OperatorAi): Promise<UsageLimits> {
  needRole(ctx, "viewer");
  return ctx.transaction(async (tx) => {
    const [workspace] = await tx
      .select({ id: workspaces.id, plan: workspaces.plan, spendCapMicros: workspaces.spendCapMicros })
      .from(workspaces)
      .where(eq(workspaces.id, ctx.workspaceId));
    if (!workspace) throw notFound("workspace");
    const { limits } = planOf(workspace.plan);
    const metrics = new Map((await currentMetrics(tx, ctx.workspaceId)).map((metric) => [metric.metric, metric]));
    const messages = metrics.get("messages");
    return {
      plan: workspace.plan,
      messagesPerDay: {
        used: messages?.value ?? 0,
        limit: limits.messagesPerDay,
        resetsAt: messages?.periodEnd.toISOString() ?? null,
      },
      agents: { used: await countLive(tx, ctx.workspaceId, "agents"), limit: limits.agents, resetsAt: null },
      projects: { used: await countLive(tx, ctx.workspaceId, "projects"), limit: limits.projects, resetsAt: null },
      aiSpend: await aiSpendOf(tx, workspace, metrics.get("ai_cost_micros"), operatorAi),
    };
  });
}
