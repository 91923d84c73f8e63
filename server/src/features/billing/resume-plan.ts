import type { Subscription } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { isRefused, normaliseSubscription, whileStripeAnswers } from "../../integrations/stripe/index.ts";
import { audit } from "../workspaces/index.ts";
import { getSubscription } from "./get-subscription.ts";
import { withBillingLock } from "./lock.ts";
import { isRunning, knownPlan, noRunningPlan } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";
import { syncLocked } from "./sync-subscription.ts";

/** Sets off in Stripe that the subscription ends, whichever way it was set. Returns whether it was. */
async function keep({ stripe }: BillingServices, id: string): Promise<boolean> {
  const now = await stripe.subscriptions.retrieve(id);
  if (!isRunning(normaliseSubscription(now))) throw noRunningPlan();
  if (now.cancel_at === null) return false;
  try {
    // Stripe takes one of the two: the portal sets a date, others set the period's end.
    await stripe.subscriptions.update(
      id,
      now.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: "" },
    );
  } catch (error) {
    // It ended there since we looked.
    if (isRefused(error)) throw noRunningPlan();
    throw error;
  }
  return true;
}

/**
 * Takes back that the plan ends with its period. Harmless where nothing is set to end. Throws 409 `never_paid`,
 * `no_running_plan`; 503 `stripe_away`.
 */
export async function resumePlan(ctx: Ctx, services: BillingServices): Promise<Subscription> {
  needRole(ctx, "admin");
  const { workspaceId } = ctx;
  await whileStripeAnswers(() =>
    withBillingLock(services, workspaceId, async (tx) => {
      const { known } = await knownPlan(tx, workspaceId);
      if (!isRunning(known)) throw noRunningPlan();
      const id = known.stripeSubscriptionId;
      if (await keep(services, id)) await audit(tx, ctx, "billing.resumed", id, { plan: known.plan });
      await syncLocked(services, tx, workspaceId, "page");
    }),
  );
  return getSubscription(ctx, services);
}
