import { planOf, type PlanId } from "@charlie/contract";
import { and, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import type { Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { agents, projects } from "../../db/schema/agents.ts";
import { audit } from "../workspaces/index.ts";
import { fit, type Live } from "./fit.ts";

/** How many of each. */
export interface Counts {
  agents: number;
  projects: number;
}

/** All projects and agents of a workspace, deleted ones left out, projects oldest first and agents newest first. */
export async function thingsOf(tx: Tx, workspaceId: string) {
  const ofWorkspace = (table: typeof agents | typeof projects) =>
    and(eq(table.workspaceId, workspaceId), isNull(table.deletedAt));
  return {
    projects: await tx.select().from(projects).where(ofWorkspace(projects)).orderBy(projects.id),
    agents: (await tx.select().from(agents).where(ofWorkspace(agents)).orderBy(agents.id)).toReversed(),
  };
}

/** Freezes and thaws rows of one table until those of `live` are live; touches nothing else of them. */
async function apply(
  tx: Tx,
  table: typeof agents | typeof projects,
  rows: readonly { id: string; frozenAt: Date | null }[],
  live: ReadonlySet<string>,
): Promise<{ frozen: string[]; thawed: string[] }> {
  const frozen = rows.filter(({ id, frozenAt }) => frozenAt === null && !live.has(id)).map(({ id }) => id);
  const thawed = rows.filter(({ id, frozenAt }) => frozenAt !== null && live.has(id)).map(({ id }) => id);
  if (frozen.length > 0) await tx.update(table).set({ frozenAt: new Date() }).where(inArray(table.id, frozen));
  if (thawed.length > 0) await tx.update(table).set({ frozenAt: null }).where(inArray(table.id, thawed));
  return { frozen, thawed };
}

/** Where nothing is frozen any more, what is deleted is not either: undoing a deletion asks for room as usual. */
async function thawDeleted(tx: Tx, workspaceId: string): Promise<void> {
  for (const table of [projects, agents]) {
    await tx
      .update(table)
      .set({ frozenAt: null })
      .where(and(eq(table.workspaceId, workspaceId), isNotNull(table.deletedAt), isNotNull(table.frozenAt)));
  }
}

/**
 * Freezes what a workspace has beyond a plan's limits and thaws what fits, with one audit row where anything changed.
 * Call it in the transaction that changes the plan or the picks, after the workspace row is locked or written: what is
 * counted under that lock stays still until the end. Returns how many are frozen now.
 */
export async function fitToPlan(
  tx: Tx,
  { actor, workspaceId }: Pick<Ctx, "actor" | "workspaceId">,
  plan: PlanId,
): Promise<Counts> {
  const things = await thingsOf(tx, workspaceId);
  const live: Live = fit(planOf(plan).limits, things.projects, things.agents);
  const changed = {
    projects: await apply(tx, projects, things.projects, live.projects),
    agents: await apply(tx, agents, things.agents, live.agents),
  };
  const ids = Object.values(changed).flatMap(({ frozen, thawed }) => [...frozen, ...thawed]);
  if (ids.length > 0) await audit(tx, { actor, workspaceId }, "plan.fitted", null, { plan, ...changed });
  const left = {
    projects: things.projects.length - live.projects.size,
    agents: things.agents.length - live.agents.size,
  };
  if (left.projects + left.agents === 0) await thawDeleted(tx, workspaceId);
  return left;
}
