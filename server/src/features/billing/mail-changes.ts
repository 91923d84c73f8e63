import { planOf, type PlanId } from "@charlie/contract";
import type { Tx } from "../../db/client.ts";
import { queueMail } from "../mail/index.ts";
import { recipientOf } from "../workspaces/index.ts";
import type { Derived } from "./derive-plan.ts";
import type { FetchedSubscription } from "./fetch-subscriptions.ts";
import { paymentFailedMail, planEndedMail } from "./letters.ts";
import type { KnownSubscription } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";

/** How a workspace stood before a sync changed something. */
export interface Before {
  plan: PlanId;
  known: KnownSubscription | undefined;
}

/**
 * Writes to whoever looks after a workspace where a sync changed what they should know: a payment failed, or the plan
 * is over. Each hangs on a change that is written in the same transaction, so it is told once, and never of a payment
 * that was made meanwhile.
 */
export async function mailChanges(
  { publicUrl }: BillingServices,
  tx: Tx,
  workspaceId: string,
  { before, after }: { before: Before; after: Derived<FetchedSubscription> },
): Promise<void> {
  const { plan, subscription, graceEndsAt } = after;
  const billingUrl = `${publicUrl}/settings/billing`;
  const since = graceEndsAt ? (subscription?.pastDueSince ?? null) : null;
  const invoice = subscription?.open ?? null;
  if (plan === "free" && before.plan !== "free" && before.known) {
    const to = await recipientOf(tx, workspaceId);
    if (!to) return;
    const id = subscription?.id ?? before.known.stripeSubscriptionId;
    const words = planEndedMail({
      name: to.name,
      plan: planOf(before.plan),
      unpaid: since && invoice,
      billingUrl,
      plansUrl: `${publicUrl}/pricing`,
    });
    await queueMail(tx, { dedupeKey: `plan-ended:${id}:${since?.toISOString() ?? "ended"}`, to: to.email, ...words });
    return;
  }
  const isNew = since !== null && since.getTime() !== before.known?.pastDueSince?.getTime();
  if (!isNew || !invoice || !graceEndsAt || plan === null || plan === "free") return;
  const to = await recipientOf(tx, workspaceId);
  if (!to) return;
  const words = paymentFailedMail({ name: to.name, plan: planOf(plan), invoice, until: graceEndsAt, billingUrl });
  await queueMail(tx, { dedupeKey: `payment-failed:${invoice.id}`, to: to.email, ...words });
}
