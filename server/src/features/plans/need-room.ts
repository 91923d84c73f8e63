import { planOf, type LimitId, type PlanId } from "@charlie/contract";
import { and, count, eq, isNull } from "drizzle-orm";
import type { Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { agents, projects } from "../../db/schema/agents.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";
import { limitReached } from "./limit-reached.ts";

/** What is counted by its rows, under a lock. */
export type Countable = Exclude<LimitId, "messagesPerDay">;

const tables = { agents, projects };
const askedFor: Record<Countable, string> = { agents: "One more agent", projects: "One more project" };

/** How many of these are live in the workspace now: deleted and frozen ones left out. */
export async function countLive(tx: Tx, workspaceId: string, what: Countable): Promise<number> {
  const table = tables[what];
  const [row] = await tx
    .select({ live: count() })
    .from(table)
    .where(and(eq(table.workspaceId, workspaceId), isNull(table.deletedAt), isNull(table.frozenAt)));
  return row?.live ?? 0;
}

/**
 * Locks the workspace row until the transaction ends, and tells the plan: what is counted under it, and which project an
 * agent belongs to, is changed by one request at a time. Call it before reading what is to be changed.
 */
export async function lockWorkspace(tx: Tx, workspaceId: string): Promise<PlanId> {
  const [workspace] = await tx
    .select({ plan: workspaces.plan })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId))
    .for("no key update");
  if (!workspace) throw notFound("workspace");
  return workspace.plan;
}

/**
 * Lets the verb go on where the plan has room for one more, else throws LimitReached (402).
 * Call it in the transaction that inserts (or brings back a deleted one): the lock on the workspace row is held to its
 * end, so of any number of parallel requests each sees what the one before it added. money.md, section 1.
 */
export async function needRoomFor(ctx: Ctx, tx: Tx, what: Countable): Promise<void> {
  const plan = await lockWorkspace(tx, ctx.workspaceId);
  const allowed = planOf(plan).limits[what];
  if (allowed === null) return;
  const used = await countLive(tx, ctx.workspaceId, what);
  if (used >= allowed) throw await limitReached(ctx, { limit: what, plan, used, asked: askedFor[what] });
}
