import { eq } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { conflict } from "../../errors.ts";

export type KnownSubscription = typeof subscriptions.$inferSelect;

const running = new Set(["active", "trialing", "past_due"]);

/** Nothing can be changed or cancelled: 409 `no_running_plan`. */
export const noRunningPlan = () =>
  conflict("no_running_plan", "There is no running plan to change. You can choose one on the pricing page.");

/** The customer and the subscription that we know of a workspace. Throws 409 `never_paid`. */
export async function knownPlan(tx: Tx, workspaceId: string): Promise<{ customer: string; known: KnownSubscription }> {
  const [workspace] = await tx.select().from(workspaces).where(eq(workspaces.id, workspaceId));
  const [known] = await tx.select().from(subscriptions).where(eq(subscriptions.workspaceId, workspaceId));
  if (workspace?.stripeCustomerId && known) return { customer: workspace.stripeCustomerId, known };
  throw conflict("never_paid", "There is nothing to manage yet: this workspace has not paid for a plan.");
}

/** Whether a subscription of this status is a plan that can be changed or cancelled. */
export const isRunning = ({ status }: Pick<KnownSubscription, "status">): boolean => running.has(status);

const ended = new Set(["canceled", "incomplete", "incomplete_expired"]);

/** Whether a subscription is over for good. With every other status it can still be paid or changed in the portal. */
export const hasEnded = ({ status }: Pick<KnownSubscription, "status">): boolean => ended.has(status);

/** Whether something is subscribed to that can be paid or cancelled: `unpaid` gives no plan, but its invoice is open. */
export const isSubscribed = (known: Pick<KnownSubscription, "status">): boolean =>
  isRunning(known) || known.status === "unpaid";
