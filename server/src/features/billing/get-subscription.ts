import type { Subscription } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { hasRole, needRole, type Ctx } from "../../context.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";
import { listTurns } from "./list-turns.ts";
import { isSubscribed } from "./running-plan.ts";

type Known = typeof subscriptions.$inferSelect;

const dayMs = 24 * 60 * 60 * 1_000;

function pastDueOf(known: Known, graceDays: number): Subscription["pastDue"] {
  if (!known.pastDueSince) return null;
  return {
    since: known.pastDueSince.toISOString(),
    endsAt: new Date(known.pastDueSince.getTime() + graceDays * dayMs).toISOString(),
    amountCents: known.openCents,
    invoiceUrl: known.openInvoiceUrl,
  };
}

function nextOf(known: Known, pastDue: Subscription["pastDue"]): Subscription["next"] {
  if (known.cancelAt) return { kind: "ends", at: known.cancelAt.toISOString(), amountCents: null };
  if (pastDue) return { kind: "payment_due", at: pastDue.endsAt, amountCents: pastDue.amountCents };
  if (known.status !== "active" && known.status !== "trialing") return null;
  return { kind: "renews", at: known.currentPeriodEnd.toISOString(), amountCents: known.renewalCents };
}

/**
 * Plan, status, period and what comes next, from our own tables: it answers while Stripe is away.
 */
export async function getSubscription(ctx: Ctx, { graceDays }: { graceDays: number }): Promise<Subscription> {
  needRole(ctx, "viewer");
  const { workspace, known, happened } = await ctx.transaction(async (tx) => {
    const [found] = await tx.select().from(workspaces).where(eq(workspaces.id, ctx.workspaceId));
    const [row] = await tx.select().from(subscriptions).where(eq(subscriptions.workspaceId, ctx.workspaceId));
    return { workspace: found, known: row, happened: await listTurns(tx, ctx.workspaceId) };
  });
  if (!workspace) throw notFound("workspace");
  const pastDue = known ? pastDueOf(known, graceDays) : null;
  return {
    plan: workspace.plan,
    subscribedTo: known && isSubscribed(known) && known.plan !== "free" ? known.plan : null,
    status: known?.status ?? "none",
    interval: known?.billingInterval ?? null,
    periodStart: known?.currentPeriodStart.toISOString() ?? null,
    periodEnd: known?.currentPeriodEnd.toISOString() ?? null,
    cancelAt: known?.cancelAt?.toISOString() ?? null,
    next: known ? nextOf(known, pastDue) : null,
    pastDue,
    canManage: known !== undefined && hasRole(ctx, "admin"),
    happened,
  };
}
