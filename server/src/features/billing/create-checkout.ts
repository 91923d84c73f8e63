import { planOf, type BillingInterval } from "@charlie/contract";
import { eq } from "drizzle-orm";
import type { Stripe } from "stripe";
import { needRole, type Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { users } from "../../db/schema/identity.ts";
import { AppError, conflict, forbidden } from "../../errors.ts";
import { isRefused, priceOf, whileStripeAnswers, type PaidPlanId } from "../../integrations/stripe/index.ts";
import { audit } from "../workspaces/index.ts";
import { ensureCustomer } from "./ensure-customer.ts";
import { withBillingLock } from "./lock.ts";
import { hasEnded } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";
import { syncLocked } from "./sync-subscription.ts";

/** The payer's address, confirmed: receipts and warnings go there. Throws 403 `email_not_confirmed`. */
async function confirmedAddress(tx: Tx, userId: string): Promise<string> {
  const [user] = await tx
    .select({ verified: users.emailVerified, email: users.email })
    .from(users)
    .where(eq(users.id, userId));
  if (user?.verified) return user.email;
  throw new AppError(
    403,
    "email_not_confirmed",
    `Please confirm your e-mail address before you pay: open the link that we sent to ${user?.email ?? "you"}. Your receipts will go there.`,
  );
}

async function needNoSubscription(tx: Tx, workspaceId: string): Promise<void> {
  const [known] = await tx.select().from(subscriptions).where(eq(subscriptions.workspaceId, workspaceId));
  if (!known || hasEnded(known)) return;
  throw conflict(
    "already_subscribed",
    `This workspace already has the ${planOf(known.plan).name} plan, and nothing was charged again. You can change it, or pay what is open, on the Billing page.`,
  );
}

async function expire(stripe: Stripe, session: string): Promise<void> {
  try {
    await stripe.checkout.sessions.expire(session);
  } catch (error) {
    if (!isRefused(error)) throw error;
    throw conflict(
      "payment_under_way",
      "A payment is just being made in another window. Please look at the Billing page in a moment.",
    );
  }
}

/** The open payment page for exactly this, if there is one; others of the customer are closed, so that one can be paid. */
async function reuseOpen(stripe: Stripe, wanted: Stripe.Checkout.SessionCreateParams): Promise<string | null> {
  let url: string | null = null;
  const open = await stripe.checkout.sessions.list({ customer: wanted.customer ?? "", status: "open", limit: 100 });
  for (const session of open.data) {
    const same =
      session.success_url === wanted.success_url && session.metadata?.["price_id"] === wanted.line_items?.[0]?.price;
    if (same && url === null && session.url) url = session.url;
    else await expire(stripe, session.id);
  }
  return url;
}

/**
 * Starts paying for a plan: the address of Stripe's payment page. Asked twice, even at once, it gives the same page of
 * the same customer. Throws 403 `email_not_confirmed`, 409 `already_subscribed`, 503 `stripe_away`.
 */
export async function createCheckout(
  ctx: Ctx,
  { plan, interval }: { plan: PaidPlanId; interval: BillingInterval },
  services: BillingServices,
): Promise<{ url: string }> {
  needRole(ctx, "admin");
  const { actor, workspaceId } = ctx;
  if (actor.type !== "user") throw forbidden("Only a person can start paying.");
  return whileStripeAnswers(async () => {
    // Committed before anything else is asked of Stripe: a customer must not be forgotten because a later step failed.
    const customer = await withBillingLock(services, workspaceId, async (tx) => {
      const email = await confirmedAddress(tx, actor.userId);
      return ensureCustomer(services, tx, { actor, workspaceId, email });
    });
    return withBillingLock(services, workspaceId, async (tx) => {
      await syncLocked(services, tx, workspaceId, "checkout");
      await needNoSubscription(tx, workspaceId);
      const catalogue = await services.catalogue();
      const price = priceOf(catalogue, plan, interval);
      // AI with the operator's key is agreed to with the plan, and charged for what was used.
      const usage = catalogue.usage ? [{ price: catalogue.usage.prices[interval] }] : [];
      const params = {
        mode: "subscription",
        customer,
        client_reference_id: workspaceId,
        line_items: [{ price, quantity: 1 }, ...usage],
        allow_promotion_codes: true,
        success_url: `${services.publicUrl}/billing/success?session_id={CHECKOUT_SESSION_ID}`,
        cancel_url: `${services.publicUrl}/pricing`,
        metadata: { workspace_id: workspaceId, plan, price_id: price },
        ...(services.tax
          ? { automatic_tax: { enabled: true }, customer_update: { address: "auto", name: "auto" } }
          : {}),
        subscription_data: { metadata: { workspace_id: workspaceId } },
      } satisfies Stripe.Checkout.SessionCreateParams;
      const open = await reuseOpen(services.stripe, params);
      if (open !== null) return { url: open };
      const session = await services.stripe.checkout.sessions.create(params);
      if (session.url === null) throw new Error(`checkout session ${session.id} has no address`);
      await audit(tx, ctx, "billing.checkout_started", session.id, { plan, interval });
      return { url: session.url };
    });
  });
}
