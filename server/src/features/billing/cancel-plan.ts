import type { Subscription } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { isMissing, whileStripeAnswers } from "../../integrations/stripe/index.ts";
import { audit } from "../workspaces/index.ts";
import { getSubscription } from "./get-subscription.ts";
import { withBillingLock } from "./lock.ts";
import { reportLocked } from "./report-usage.ts";
import { isRunning, knownPlan, noRunningPlan } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";
import { syncLocked } from "./sync-subscription.ts";
import { recordedMicros, settledMicros } from "./usage-ledger.ts";

/** The invoices that are still open. */
async function findOpen({ stripe }: BillingServices, subscription: string): Promise<string[]> {
  const { data } = await stripe.invoices.list({ subscription, status: "open", limit: 100 });
  return data.map(({ id }) => id);
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

/**
 * Ends the plan at once. What was paid is not paid back; what is open is not owed any more; AI that was used is charged.
 * The portal, which the
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
      const open = await findOpen(services, id);
      const invoice_now = await lastUsage(services, tx, workspaceId);
      try {
        await services.stripe.subscriptions.cancel(id, { prorate: false, invoice_now });
      } catch (error) {
        // It ended there a moment ago.
        if (!isMissing(error)) throw error;
      }
      for (const invoice of open) await services.stripe.invoices.voidInvoice(invoice);
      await audit(tx, { actor, workspaceId }, "billing.cancelled_now", id, { plan: known.plan, voided: open });
      await syncLocked(services, tx, workspaceId, "page");
    }),
  );
  return getSubscription(ctx, services);
}
