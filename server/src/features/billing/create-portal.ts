import { eq } from "drizzle-orm";
import type { Stripe } from "stripe";
import { needRole, type Ctx } from "../../context.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { conflict } from "../../errors.ts";
import { whileStripeAnswers } from "../../integrations/stripe/index.ts";
import type { BillingServices } from "./services.ts";

export type PortalFlow = "home" | "cancel" | "switch" | "card";

type FlowData = Stripe.BillingPortal.SessionCreateParams.FlowData;
type Known = typeof subscriptions.$inferSelect;

const running = new Set(["active", "trialing", "past_due"]);

/** The deep link for a flow; `null` leads to the portal's first page. */
function flowData(flow: PortalFlow, known: Known, return_url: string): FlowData | null {
  const subscription = known.stripeSubscriptionId;
  const after_completion = { type: "redirect", redirect: { return_url } };
  if (flow === "card") return { type: "payment_method_update", after_completion };
  if (flow === "home") return null;
  if (!running.has(known.status)) {
    throw conflict("no_running_plan", "There is no running plan to change. You can choose one on the pricing page.");
  }
  if (flow === "switch")
    return { type: "subscription_update", subscription_update: { subscription }, after_completion };
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
  const { customer, known } = await ctx.transaction(async (tx) => {
    const [workspace] = await tx.select().from(workspaces).where(eq(workspaces.id, ctx.workspaceId));
    const [row] = await tx.select().from(subscriptions).where(eq(subscriptions.workspaceId, ctx.workspaceId));
    return { customer: workspace?.stripeCustomerId, known: row };
  });
  if (!customer || !known) {
    throw conflict("never_paid", "There is nothing to manage yet: this workspace has not paid for a plan.");
  }
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
