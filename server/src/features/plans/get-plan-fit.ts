import { answersOf, planOf, type PlanFit, type PlanId } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";
import { fit } from "./fit.ts";
import { thingsOf } from "./fit-to-plan.ts";

/** What is frozen on the workspace's plan, or would be on another one. */
export async function presentPlanFit(tx: Tx, workspaceId: string, asked: PlanId | undefined): Promise<PlanFit> {
  const [workspace] = await tx.select({ plan: workspaces.plan }).from(workspaces).where(eq(workspaces.id, workspaceId));
  if (!workspace) throw notFound("workspace");
  const plan = asked ?? workspace.plan;
  const { limits } = planOf(plan);
  const { projects, agents } = await thingsOf(tx, workspaceId);
  const live = plan === workspace.plan ? null : fit(limits, projects, agents);
  const shown = {
    projects: projects.map(({ id, name, frozenAt }) => ({
      id,
      name,
      frozen: live ? !live.projects.has(id) : frozenAt !== null,
    })),
    agents: agents.map(({ id, projectId, name, flow, lastUsedAt, frozenAt }) => ({
      id,
      projectId,
      name,
      who: answersOf(flow).who,
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
      frozen: live ? !live.agents.has(id) : frozenAt !== null,
    })),
  };
  const frozenIn = (things: readonly { frozen: boolean }[]) => things.filter(({ frozen }) => frozen).length;
  return {
    plan,
    limits: { agents: limits.agents, projects: limits.projects },
    frozen: { agents: frozenIn(shown.agents), projects: frozenIn(shown.projects) },
    ...shown,
  };
}

/** Which agents and projects are frozen, or would be on another plan. */
export async function getPlanFit(ctx: Ctx, { plan }: { plan?: PlanId | undefined }): Promise<PlanFit> {
  needRole(ctx, "viewer");
  return ctx.transaction((tx) => presentPlanFit(tx, ctx.workspaceId, plan));
}
