import type { Stripe } from "stripe";
import { needRole, type Ctx } from "../../context.ts";
import { whileStripeAnswers } from "../../integrations/stripe/index.ts";
import { isRunning, knownPlan, noRunningPlan, type KnownSubscription } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";

/** Stripe's portal cannot switch a subscription that also bills usage: that is `switchPlan`. */
export type PortalFlow = "home" | "cancel" | "card";

type FlowData = Stripe.BillingPortal.SessionCreateParams.FlowData;

/** The deep link for a flow; `null` leads to the portal's first page. */
function flowData(flow: PortalFlow, known: KnownSubscription, return_url: string): FlowData | null {
  const subscription = known.stripeSubscriptionId;
  const after_completion = { type: "redirect", redirect: { return_url } };
  if (flow === "card") return { type: "payment_method_update", after_completion };
  if (flow === "home") return null;
  if (!isRunning(known)) throw noRunningPlan();
  // Stripe refuses to cancel twice; the first page shows the date and the way back.
  if (known.cancelAt) return null;
  return { type: "subscription_cancel", subscription_cancel: { subscription }, after_completion };
}

/**
 * The address of Stripe's portal, opened at what is wanted. Throws 409 `never_paid` where there is nothing to manage,
 * 409 `no_running_plan`, 503 `stripe_away`.
 */
export async function createPortal(
  ctx: Ctx,
  { flow }: { flow: PortalFlow },
  services: BillingServices,
): Promise<{ url: string }> {
  needRole(ctx, "admin");
  const { customer, known } = await ctx.transaction((tx) => knownPlan(tx, ctx.workspaceId));
  const return_url = `${services.publicUrl}/settings/billing`;
  const flow_data = flowData(flow, known, return_url);
  return whileStripeAnswers(async () => {
    const { portal } = await services.catalogue();
    const session = await services.stripe.billingPortal.sessions.create({
      customer,
      return_url,
      ...(portal === null ? {} : { configuration: portal }),
      ...(flow_data ? { flow_data } : {}),
    });
    return { url: session.url };
  });
}
