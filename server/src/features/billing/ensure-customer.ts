import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";
import { audit } from "../workspaces/index.ts";
import type { Actor } from "../../context.ts";
import { isDeleted, UnknownCustomer } from "./is-deleted.ts";
import { hasEnded } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";

type Workspace = typeof workspaces.$inferSelect;

async function stillThere(
  { stripe }: BillingServices,
  tx: Tx,
  workspace: Workspace,
  customer: string,
): Promise<boolean> {
  try {
    return !(await isDeleted(stripe, customer));
  } catch (error) {
    if (!(error instanceof UnknownCustomer) || workspace.plan !== "free") throw error;
    const [known] = await tx.select().from(subscriptions).where(eq(subscriptions.workspaceId, workspace.id));
    // Whoever pays is kept, whatever this key knows. Who does not has nothing to lose, as after a try in test mode.
    if (known && !hasEnded(known)) throw error;
    return false;
  }
}

/**
 * The workspace's one Stripe customer, made when first needed, and anew where it was deleted in Stripe's dashboard.
 * Call it under the billing lock. Throws `UnknownCustomer` where the workspace pays with another account's. Should the answer or the commit get lost, Stripe's idempotency key gives the same
 * customer again for 24 hours.
 */
export async function ensureCustomer(
  services: BillingServices,
  tx: Tx,
  { actor, workspaceId, email }: { actor: Actor; workspaceId: string; email: string },
): Promise<string> {
  const [workspace] = await tx.select().from(workspaces).where(eq(workspaces.id, workspaceId));
  if (!workspace) throw notFound("workspace");
  const known = workspace.stripeCustomerId;
  if (known !== null && (await stillThere(services, tx, workspace, known))) return known;
  const params = { email, name: workspace.name, metadata: { workspace_id: workspaceId } };
  const state = createHash("sha256")
    .update(JSON.stringify([params, known]))
    .digest("base64url");
  const customer = await services.stripe.customers.create(params, { idempotencyKey: `charlie-customer-${state}` });
  await tx.update(workspaces).set({ stripeCustomerId: customer.id }).where(eq(workspaces.id, workspaceId));
  await audit(tx, { actor, workspaceId }, "billing.customer_created", customer.id, known ? { replaces: known } : {});
  return customer.id;
}
