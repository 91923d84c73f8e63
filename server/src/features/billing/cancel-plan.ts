import type { Subscription } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import {
  isMissing,
  isRefused,
  isUnanswered,
  outcomeUnknown,
  whileStripeAnswers,
} from "../../integrations/stripe/index.ts";
import { audit } from "../workspaces/index.ts";
import { getSubscription } from "./get-subscription.ts";
import { withBillingLock } from "./lock.ts";
import { reportLocked } from "./report-usage.ts";
import { isSubscribed, knownPlan, noRunningPlan } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";
import { takeBackVoid } from "./settle-usage.ts";
import { syncSubscription } from "./sync-subscription.ts";
import { recordedMicros, settledMicros } from "./usage-ledger.ts";

/** The invoices that are still open. */
async function findOpen({ stripe }: BillingServices, subscription: string): Promise<string[]> {
  const { data } = await stripe.invoices.list({ subscription, status: "open", limit: 100 });
  return data.map(({ id }) => id);
}

/** Asks for open invoices no more. Returns those that are void now; what was paid a moment ago stays paid. */
async function voidOpen({ stripe }: BillingServices, open: readonly string[]): Promise<string[]> {
  const voided: string[] = [];
  for (const id of open) {
    try {
      await stripe.invoices.voidInvoice(id);
    } catch (error) {
      if (!isRefused(error)) throw error;
      const { status } = await stripe.invoices.retrieve(id);
      if (status === "paid") continue;
      if (status !== "void") throw error;
    }
    voided.push(id);
  }
  return voided;
}

/** Tells Stripe the last of the AI usage. Returns whether there is any to charge for. */
async function lastUsage(services: BillingServices, tx: Tx, workspaceId: string): Promise<boolean> {
  try {
    await reportLocked(services, tx, workspaceId);
  } catch (error) {
    // Nobody is kept in a plan because of it; the difference shows on the operator's page.
    services.log.error({ err: error, workspaceId }, "the last AI usage could not be reported before the plan ended");
  }
  return (await recordedMicros(tx, workspaceId, null)) > (await settledMicros(tx, workspaceId));
}

/** Whether the subscription is over, after an answer was lost. `false` where that cannot be told yet. */
async function isOver({ stripe }: BillingServices, subscription: string): Promise<boolean> {
  try {
    return (await stripe.subscriptions.retrieve(subscription)).status === "canceled";
  } catch (error) {
    if (isMissing(error)) return true;
    if (isUnanswered(error)) return false;
    throw error;
  }
}

async function cancel({ stripe }: BillingServices, subscription: string, invoice_now: boolean): Promise<void> {
  try {
    await stripe.subscriptions.cancel(subscription, { prorate: false, invoice_now });
  } catch (error) {
    // It ended there a moment ago.
    if (!isMissing(error)) throw error;
  }
}

/**
 * Ends the plan at once. What was paid is not paid back; what is open is not owed any more; AI that was used is charged,
 * that on an open invoice too. The portal, which the catalogue sets to the period's end, cannot do this. Repeated after
 * any failure it does what is left: a plan that is over has nothing open of before. Throws 409 `never_paid`,
 * `no_running_plan`; 503 `stripe_away`, `outcome_unknown`.
 */
export async function cancelPlan(ctx: Ctx, services: BillingServices): Promise<Subscription> {
  needRole(ctx, "admin");
  const { actor, workspaceId } = ctx;
  const over = await whileStripeAnswers(() =>
    withBillingLock(services, workspaceId, async (tx) => {
      const { known } = await knownPlan(tx, workspaceId);
      if (!isSubscribed(known)) throw noRunningPlan();
      const id = known.stripeSubscriptionId;
      const open = await findOpen(services, id);
      let voided: string[] = [];
      let ended = true;
      try {
        voided = await voidOpen(services, open);
        await takeBackVoid(services, workspaceId, id);
        await cancel(services, id, await lastUsage(services, tx, workspaceId));
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        ended = await isOver(services, id);
      }
      const action = ended ? "billing.cancelled_now" : "billing.cancel_unanswered";
      await audit(tx, { actor, workspaceId }, action, id, { plan: known.plan, voided });
      return ended;
    }),
  );
  if (!over) throw outcomeUnknown();
  try {
    await syncSubscription(services, workspaceId, "page");
  } catch (error) {
    // It is done and on record; the event that Stripe sends of it brings it over.
    services.log.error({ err: error, workspaceId }, "a plan that was ended could not be read back yet");
  }
  return getSubscription(ctx, services);
}
