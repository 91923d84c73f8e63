import { planOf, type LimitId } from "@charlie/contract";
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

/** How many of these the workspace has now, deleted ones left out. */
export async function countLive(tx: Tx, workspaceId: string, what: Countable): Promise<number> {
  const table = tables[what];
  const [row] = await tx
    .select({ live: count() })
    .from(table)
    .where(and(eq(table.workspaceId, workspaceId), isNull(table.deletedAt)));
  return row?.live ?? 0;
}

/**
 * Lets the verb go on where the plan has room for one more, else throws LimitReached (402).
 * Call it in the transaction that inserts (or brings back a deleted one): the lock on the workspace row is held to its
 * end, so of any number of parallel requests each sees what the one before it added. money.md, section 1.
 */
export async function needRoomFor(ctx: Ctx, tx: Tx, what: Countable): Promise<void> {
  const [workspace] = await tx
    .select({ plan: workspaces.plan })
    .from(workspaces)
    .where(eq(workspaces.id, ctx.workspaceId))
    .for("no key update");
  if (!workspace) throw notFound("workspace");
  const allowed = planOf(workspace.plan).limits[what];
  if (allowed === null) return;
  const used = await countLive(tx, ctx.workspaceId, what);
  if (used >= allowed) throw await limitReached(ctx, { limit: what, plan: workspace.plan, used });
}
