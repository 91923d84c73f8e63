import type { Subscription } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { hasRole, needRole, type Ctx } from "../../context.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";

type Known = typeof subscriptions.$inferSelect;

const dayMs = 24 * 60 * 60 * 1_000;

function nextOf(known: Known, graceDays: number): Subscription["next"] {
  if (known.cancelAt) return { kind: "ends", at: known.cancelAt.toISOString(), amountCents: null };
  if (known.pastDueSince) {
    const by = new Date(known.pastDueSince.getTime() + graceDays * dayMs);
    return { kind: "payment_due", at: by.toISOString(), amountCents: known.renewalCents };
  }
  if (known.status !== "active" && known.status !== "trialing") return null;
  return { kind: "renews", at: known.currentPeriodEnd.toISOString(), amountCents: known.renewalCents };
}

/**
 * Plan, status, period and what comes next, from our own tables: it answers while Stripe is away.
 * Past due, `next.at` is when the plan falls to Free unless the payment succeeds.
 */
export async function getSubscription(ctx: Ctx, { graceDays }: { graceDays: number }): Promise<Subscription> {
  needRole(ctx, "viewer");
  const { workspace, known } = await ctx.transaction(async (tx) => {
    const [found] = await tx.select().from(workspaces).where(eq(workspaces.id, ctx.workspaceId));
    const [row] = await tx.select().from(subscriptions).where(eq(subscriptions.workspaceId, ctx.workspaceId));
    return { workspace: found, known: row };
  });
  if (!workspace) throw notFound("workspace");
  return {
    plan: workspace.plan,
    status: known?.status ?? "none",
    periodStart: known?.currentPeriodStart.toISOString() ?? null,
    periodEnd: known?.currentPeriodEnd.toISOString() ?? null,
    cancelAt: known?.cancelAt?.toISOString() ?? null,
    next: known ? nextOf(known, graceDays) : null,
    canManage: known !== undefined && hasRole(ctx, "admin"),
  };
}
