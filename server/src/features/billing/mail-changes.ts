import { planOf } from "@charlie/contract";
import type { Tx } from "../../db/client.ts";
import type { workspaces } from "../../db/schema/workspaces.ts";
import type { Counts } from "../plans/index.ts";
import { queueMail } from "../mail/index.ts";
import { recipientOf } from "../workspaces/index.ts";
import type { Derived } from "./derive-plan.ts";
import type { FetchedSubscription } from "./fetch-subscriptions.ts";
import { paymentFailedMail, planEndedMail } from "./letters.ts";
import type { KnownSubscription } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";

/** How a workspace stood before a sync changed something. */
export interface Before {
  workspace: typeof workspaces.$inferSelect;
  known: KnownSubscription | null;
}

/**
 * Writes to whoever looks after a workspace where a sync changed what they should know: a payment failed, or the plan
 * is over. Each hangs on a change that is written in the same transaction, so it is told once, and never of a payment
 * that was made meanwhile. `frozen` is what a change of the plan left frozen.
 */
export async function mailChanges(
  { publicUrl }: BillingServices,
  tx: Tx,
  { workspace, known }: Before,
  { plan, subscription, graceEndsAt }: Derived<FetchedSubscription>,
  frozen: Counts | null,
): Promise<void> {
  const billingUrl = `${publicUrl}/settings/billing`;
  const since = subscription?.pastDueSince ?? null;
  const invoice = subscription?.open ?? null;
  if (plan === "free" && workspace.plan !== "free" && known) {
    const to = await recipientOf(tx, workspace.id);
    if (!to) return;
    const id = subscription?.id ?? known.stripeSubscriptionId;
    const words = planEndedMail({
      name: to.name,
      plan: planOf(workspace.plan),
      unpaid: since && invoice,
      frozen,
      billingUrl,
      plansUrl: `${publicUrl}/pricing`,
    });
    await queueMail(tx, { dedupeKey: `plan-ended:${id}:${since?.toISOString() ?? "ended"}`, to: to.email, ...words });
    return;
  }
  const isNew = since !== null && since.getTime() !== known?.pastDueSince?.getTime();
  if (!isNew || !invoice || !graceEndsAt || plan === null || plan === "free") return;
  const to = await recipientOf(tx, workspace.id);
  if (!to) return;
  const words = paymentFailedMail({ name: to.name, plan: planOf(plan), invoice, until: graceEndsAt, billingUrl });
  await queueMail(tx, { dedupeKey: `payment-failed:${invoice.id}`, to: to.email, ...words });
}
