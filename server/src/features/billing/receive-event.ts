import { randomUUIDv7 } from "node:crypto";
import { storable } from "@charlie/contract";
import { Stripe } from "stripe";
import { ZodError } from "zod";
import type { Database } from "../../db/client.ts";
import { badRequest } from "../../errors.ts";
import { normaliseEvent } from "../../integrations/stripe/index.ts";
import { workedEvents } from "./event-kinds.ts";
import type { BillingServices } from "./services.ts";

/** How far a signature's time may lie before or after ours, in seconds; Stripe's SDK looks at the past only. */
const toleranceSeconds = 300;

const isAhead = (signature: string): boolean =>
  [...signature.matchAll(/(?:^|,)\s*t\s*=\s*(\d+)/g)].some(
    ([, seconds]) => Number(seconds) > Date.now() / 1_000 + toleranceSeconds,
  );

/** Whether PostgreSQL can keep all text in it. */
function isStorable(payload: unknown): boolean {
  let fine = true;
  JSON.stringify(payload, (key, value: unknown) => {
    fine &&= storable(key) && (typeof value !== "string" || storable(value));
    return value;
  });
  return fine;
}

/** What was sent, once a signature proves that Stripe sent it. Throws 400 `bad_signature` where none of the secrets fits. */
function verified({ stripe, webhookSecrets }: BillingServices, body: Buffer, signature: string): unknown {
  if (isAhead(signature)) throw badRequest("bad_signature", "The signature is dated in the future.");
  for (const secret of webhookSecrets) {
    try {
      return stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds);
    } catch (error) {
      // The next secret may fit. Older than 300 s fits none.
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError))
        throw badRequest("bad_event", "This is not an event.");
    }
  }
  throw badRequest("bad_signature", "The signature does not fit.");
}

function isEvent(payload: unknown): boolean {
  try {
    normaliseEvent(payload);
    return true;
  } catch (error) {
    if (error instanceof ZodError) return false;
    throw error;
  }
}

/**
 * Takes an event from Stripe: stored once by its id, and worked on by the queue if it is of a kind that matters. What
 * comes twice is not stored again. Throws 400 on a signature that does not fit; whatever PostgreSQL throws becomes 503,
 * so that Stripe sends it again. Throws 400 also on what is signed and yet no event that can be kept.
 */
export async function receiveEvent(services: BillingServices, body: Buffer, signature: string): Promise<void> {
  const payload = verified(services, body, signature);
  if (!isEvent(payload) || !isStorable(payload)) throw badRequest("bad_event", "This is not an event.");
  await storeEvent(services.db, payload);
}

/**
 * $1 id, $2 Stripe's id, $3 type, $4 customer or null, $5 payload, $6 whether it is worked on.
 * One waiting job for a customer is enough: it works on all that waits of this customer by then. While we hold the
 * waiting job no worker takes it, so it will see this event; where there is none, or a worker has it already, there is
 * a new one (graphile-worker, "job_key", mode replace). Holding costs a tenth of adding.
 */
const storeSql = `
with added as (
  insert into billing_events (id, stripe_event_id, type, stripe_customer_id, payload, processed_at)
  values ($1, $2, $3, $4, $5, case when $6 then null else now() end)
  on conflict (stripe_event_id) do nothing
  returning id
), waiting as (
  select from graphile_worker._private_jobs
  where key = 'billing:' || $4::text and is_available and attempts = 0 and run_at <= now()
  for share skip locked
)
select case when $6 and not exists (select from waiting) then
  enqueue_job('billing-event', json_build_object('id', id), 'billing:' || $4::text) is null
end as queued from added`;

/** Stores an event and has the queue work on it, unless it was stored before. Returns whether it was new. */
export async function storeEvent(db: Database, payload: unknown): Promise<boolean> {
  const { id, type, customerId } = normaliseEvent(payload);
  const values = [randomUUIDv7(), id, type, customerId, JSON.stringify(payload), workedEvents.includes(type)];
  // One statement is a transaction of its own, and this one is Stripe's answer time.
  const { rowCount } = await db.operator.query({ name: "store-event", text: storeSql, values });
  return rowCount === 1;
}
