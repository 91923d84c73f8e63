import { eq, sql } from "drizzle-orm";
import { asOperator } from "../../db/client.ts";
import { billingEvents } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import type { BillingServices } from "./services.ts";
import { syncSubscription } from "./sync-subscription.ts";

/** The events after which a workspace's plan may be another one. The others are stored and otherwise ignored. */
export const syncedEvents: readonly string[] = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "customer.deleted",
  "customer.subscription.created",
  "customer.subscription.deleted",
  "customer.subscription.paused",
  "customer.subscription.resumed",
  "customer.subscription.updated",
  "invoice.paid",
  "invoice.payment_failed",
];

/** An error in one line, with what caused it. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/**
 * Works on a stored event: syncs the workspace it is about. Attempts and the last error are kept beside the event.
 * Throws what the sync throws, so that the queue tries again, waiting longer each time. Done before: does nothing.
 */
export async function processEvent(services: BillingServices, id: string): Promise<void> {
  const { db } = services;
  const keep = (set: Partial<typeof billingEvents.$inferInsert>) =>
    asOperator(db, (tx) =>
      tx
        .update(billingEvents)
        .set({ ...set, attempts: sql`${billingEvents.attempts} + 1` })
        .where(eq(billingEvents.id, id)),
    );
  const found = await asOperator(db, (tx) =>
    tx
      .select({ type: billingEvents.type, processedAt: billingEvents.processedAt, workspaceId: workspaces.id })
      .from(billingEvents)
      .leftJoin(workspaces, eq(workspaces.stripeCustomerId, billingEvents.stripeCustomerId))
      .where(eq(billingEvents.id, id)),
  );
  const event = found[0];
  if (!event || event.processedAt) return;
  try {
    // Without a workspace it is about a customer that is none of ours: the account may sell other things too.
    if (event.workspaceId !== null && syncedEvents.includes(event.type))
      await syncSubscription(services, event.workspaceId, "event");
  } catch (error) {
    await keep({ error: inWords(error) });
    throw error;
  }
  await keep({ processedAt: new Date(), error: null });
}
