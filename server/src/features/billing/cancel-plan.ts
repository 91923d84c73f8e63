import type { Subscription } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { isMissing, whileStripeAnswers } from "../../integrations/stripe/index.ts";
import { audit } from "../workspaces/index.ts";
import { getSubscription } from "./get-subscription.ts";
import { withBillingLock } from "./lock.ts";
import { isRunning, knownPlan, noRunningPlan } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";
import { syncLocked } from "./sync-subscription.ts";

/** Takes back every invoice that is still open. Returns their ids. */
async function voidOpen({ stripe }: BillingServices, subscription: string): Promise<string[]> {
  const { data } = await stripe.invoices.list({ subscription, status: "open", limit: 100 });
  for (const { id } of data) await stripe.invoices.voidInvoice(id);
  return data.map(({ id }) => id);
}

/**
 * Ends the plan at once. What was paid is not paid back; what is open is not owed any more. The portal, which the
 * catalogue sets to the period's end, cannot do this. Throws 409 `never_paid`, `no_running_plan`; 503 `stripe_away`.
 */
export async function cancelPlan(ctx: Ctx, services: BillingServices): Promise<Subscription> {
  needRole(ctx, "admin");
  const { actor, workspaceId } = ctx;
  await whileStripeAnswers(() =>
    withBillingLock(services, workspaceId, async (tx) => {
      const { known } = await knownPlan(tx, workspaceId);
      if (!isRunning(known)) throw noRunningPlan();
      const id = known.stripeSubscriptionId;
      try {
        await services.stripe.subscriptions.cancel(id, { prorate: false, invoice_now: false });
      } catch (error) {
        // It ended there a moment ago.
        if (!isMissing(error)) throw error;
      }
      const voided = await voidOpen(services, id);
      await audit(tx, { actor, workspaceId }, "billing.cancelled_now", id, { plan: known.plan, voided });
      await syncLocked(services, tx, workspaceId, "page");
    }),
  );
  return getSubscription(ctx, services);
}
