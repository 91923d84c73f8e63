import { randomUUIDv7 } from "node:crypto";
import { Stripe } from "stripe";
import { asOperator, type Database } from "../../db/client.ts";
import { billingEvents } from "../../db/schema/billing.ts";
import { badRequest } from "../../errors.ts";
import { normaliseEvent } from "../../integrations/stripe/index.ts";
import { enqueue } from "../../jobs/queue.ts";
import type { BillingServices } from "./services.ts";

/** What was sent, once a signature proves that Stripe sent it. Throws 400 `bad_signature` where none of the secrets fits. */
function verified({ stripe, webhookSecrets }: BillingServices, body: Buffer, signature: string): unknown {
  for (const secret of webhookSecrets) {
    try {
      return stripe.webhooks.constructEvent(body, signature, secret);
    } catch (error) {
      // The next secret may fit. Older than 300 s fits none.
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError))
        throw badRequest("bad_event", "This is not an event.");
    }
  }
  throw badRequest("bad_signature", "The signature does not fit.");
}

/**
 * Takes an event from Stripe: stored once by its id, and worked on by the queue if and when that commits. What comes
 * twice is not stored again. Throws 400 on a signature that does not fit; whatever PostgreSQL throws becomes 503, so
 * that Stripe sends it again.
 */
export async function receiveEvent(services: BillingServices, body: Buffer, signature: string): Promise<void> {
  await storeEvent(services.db, verified(services, body, signature));
}

/** Stores an event and has the queue work on it, unless it was stored before. Returns whether it was new. */
export async function storeEvent(db: Database, payload: unknown): Promise<boolean> {
  const event = normaliseEvent(payload);
  const id = randomUUIDv7();
  return asOperator(db, async (tx) => {
    const added = await tx
      .insert(billingEvents)
      .values({ id, stripeEventId: event.id, type: event.type, stripeCustomerId: event.customerId, payload })
      .onConflictDoNothing({ target: billingEvents.stripeEventId })
      .returning({ id: billingEvents.id });
    if (added.length > 0) await enqueue(tx, "billing-event", { id });
    return added.length > 0;
  });
}
