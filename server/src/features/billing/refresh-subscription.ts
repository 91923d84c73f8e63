import type { Subscription } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { whileStripeAnswers } from "../../integrations/stripe/index.ts";
import { getSubscription } from "./get-subscription.ts";
import type { BillingServices } from "./services.ts";
import { syncSubscription } from "./sync-subscription.ts";

/** Asks Stripe how things stand, then answers as `getSubscription` does. Throws 503 `stripe_away`. */
export async function refreshSubscription(ctx: Ctx, services: BillingServices): Promise<Subscription> {
  needRole(ctx, "viewer");
  await whileStripeAnswers(() => syncSubscription(services, ctx.workspaceId, "page"));
  return getSubscription(ctx, services);
}
