import { planOf, type PlanFit, type PlanId } from "@charlie/contract";
import { and, eq, inArray, isNotNull } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { agents, projects } from "../../db/schema/agents.ts";
import { badRequest, notFound } from "../../errors.ts";
import { audit } from "../workspaces/index.ts";
import { fit } from "./fit.ts";
import { fitToPlan, thingsOf } from "./fit-to-plan.ts";
import { presentPlanFit } from "./get-plan-fit.ts";
import { lockWorkspace, type Countable } from "./need-room.ts";

interface Picks {
  plan?: PlanId | undefined;
  projects: string[];
  agents: string[];
}

function needsToFit(planId: PlanId, what: Countable, picked: ReadonlySet<string>): void {
  const { name, limits } = planOf(planId);
  const limit = limits[what];
  if (limit === null || picked.size <= limit) return;
  const most = `${limit.toLocaleString("en")} ${limit === 1 ? what.slice(0, -1) : what}`;
  throw badRequest(
    "too_many_picked",
    `The ${name} plan keeps ${most} awake, and ${picked.size.toLocaleString("en")} are chosen. Leave some out.`,
  );
}

/** Remembers the picks of one table in place of those before. */
async function remember(tx: Tx, workspaceId: string, table: typeof agents | typeof projects, picked: Set<string>) {
  await tx
    .update(table)
    .set({ pickedAt: null })
    .where(and(eq(table.workspaceId, workspaceId), isNotNull(table.pickedAt)));
  if (picked.size === 0) return;
  await tx
    .update(table)
    .set({ pickedAt: new Date() })
    .where(inArray(table.id, [...picked]));
}

/**
 * Keeps the owner's choice of what stays live and freezes and thaws accordingly; for another plan than the present one
 * it is only kept. Room that the choice leaves goes to what was used last, so choosing less makes no room for more.
 * Throws 400 `too_many_picked` and `project_not_picked`, 404 for what is not there.
 */
export async function putPlanFit(ctx: Ctx, picks: Picks): Promise<PlanFit> {
  needRole(ctx, "admin");
  return ctx.transaction(async (tx) => {
    const { workspaceId } = ctx;
    const present = await lockWorkspace(tx, workspaceId);
    const plan = picks.plan ?? present;
    const picked = { projects: new Set(picks.projects), agents: new Set(picks.agents) };
    const things = await thingsOf(tx, workspaceId);
    for (const what of ["projects", "agents"] as const) {
      const known = new Set(things[what].map(({ id }) => id));
      if ([...picked[what]].some((id) => !known.has(id))) throw notFound(what.slice(0, -1));
      needsToFit(plan, what, picked[what]);
    }
    const now = new Date();
    const chosen = <T extends { id: string; pickedAt: Date | null }>(rows: T[], ids: ReadonlySet<string>): T[] =>
      rows.map((row) => ({ ...row, pickedAt: ids.has(row.id) ? now : null }));
    const live = fit(
      planOf(plan).limits,
      chosen(things.projects, picked.projects),
      chosen(things.agents, picked.agents),
    );
    const homeless = things.agents.find(({ id }) => picked.agents.has(id) && !live.agents.has(id));
    if (homeless) {
      throw badRequest("project_not_picked", `${homeless.name} is in a project that would fall asleep. Choose it too.`);
    }
    await remember(tx, workspaceId, projects, picked.projects);
    await remember(tx, workspaceId, agents, picked.agents);
    await audit(tx, ctx, "plan.picked", null, {
      plan,
      projects: [...picked.projects],
      agents: [...picked.agents],
    });
    if (plan === present) await fitToPlan(tx, ctx, plan);
    return presentPlanFit(tx, workspaceId, plan);
  });
}
