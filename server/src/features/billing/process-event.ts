import { and, eq, isNull, or, sql, type SQL } from "drizzle-orm";
import { asOperator, type Tx } from "../../db/client.ts";
import { billingEvents } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { normaliseEvent } from "../../integrations/stripe/index.ts";
import { inWords } from "./error-words.ts";
import { isDispute, syncedEvents } from "./event-kinds.ts";
import { withBillingLock } from "./lock.ts";
import { customerOfDispute, recordDispute, recordRefunds } from "./payment-records.ts";
import { mailReceipt } from "./receipts.ts";
import type { BillingServices } from "./services.ts";
import { syncLocked } from "./sync-subscription.ts";

/** A stored event: the rest of its payload is a hint at most (money.md, section 4). */
interface Stored {
  type: string;
  payload: unknown;
}

const subjectOf = ({ payload }: Stored): string => normaliseEvent(payload).subjectId ?? "";

/** Puts on record what one event is about, apart from the plan. */
async function keep(services: BillingServices, tx: Tx, workspaceId: string, event: Stored): Promise<void> {
  if (event.type === "invoice.paid") await mailReceipt(services, tx, workspaceId, subjectOf(event));
  if (event.type === "charge.refunded") await recordRefunds(services, workspaceId, subjectOf(event));
  if (isDispute(event.type)) await recordDispute(services, workspaceId, subjectOf(event));
}

/** Marks what is waiting as done, and tells what it was. */
const take = (tx: Tx, waiting: SQL | undefined): Promise<Stored[]> =>
  tx
    .update(billingEvents)
    .set({ processedAt: sql`now()`, error: null, attempts: sql`${billingEvents.attempts} + 1` })
    .where(waiting)
    .returning({ type: billingEvents.type, payload: billingEvents.payload });

/** An event, and whose workspace it is about: `null` where its customer is none of ours, or is not named. */
interface Found extends Stored {
  customer: string | null;
  workspaceId: string | null;
  /** Whether it, or another one of its customer, is still to be worked on. */
  waits: boolean;
}

async function find({ db }: BillingServices, id: string): Promise<Found | undefined> {
  const { rows } = await db.operator.query<Found>({
    name: "find-event",
    text: `select e.type, e.payload, e.stripe_customer_id as customer, w.id as "workspaceId",
        e.processed_at is null or exists (
          select from billing_events o where o.stripe_customer_id = e.stripe_customer_id and o.processed_at is null
        ) as waits
      from billing_events e left join workspaces w on w.stripe_customer_id = e.stripe_customer_id where e.id = $1`,
    values: [id],
  });
  return rows[0];
}

/** Whose dispute it is: it names its charge only. */
async function workspaceOfDispute(services: BillingServices, dispute: string): Promise<string | null> {
  const customer = await customerOfDispute(services, dispute);
  if (customer === null) return null;
  const [workspace] = await asOperator(services.db, (tx) =>
    tx.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.stripeCustomerId, customer)),
  );
  return workspace?.id ?? null;
}

/**
 * Works on a stored event, and on all else that waits of the same customer: one look at Stripe serves them all. Where
 * all is done: does nothing. Attempts and the last error are kept beside the event. Throws what goes wrong, so that the
 * queue tries again, waiting longer each time.
 */
export async function processEvent(services: BillingServices, id: string): Promise<void> {
  const event = await find(services, id);
  // Its own event may be done, by a job that ran when it came, while later ones count on this job (receive-event.ts).
  if (!event?.waits) return;
  const same = event.customer === null ? eq(billingEvents.id, id) : eq(billingEvents.stripeCustomerId, event.customer);
  const waiting = and(isNull(billingEvents.processedAt), or(eq(billingEvents.id, id), same));
  try {
    const workspaceId = isDispute(event.type)
      ? await workspaceOfDispute(services, subjectOf(event))
      : event.workspaceId;
    if (workspaceId === null) {
      // The account may sell other things too.
      await asOperator(services.db, (tx) => take(tx, waiting));
      return;
    }
    await withBillingLock(services, workspaceId, async (tx) => {
      const taken = await take(tx, waiting);
      for (const each of taken) await keep(services, tx, workspaceId, each);
      if (taken.some(({ type }) => syncedEvents.includes(type))) await syncLocked(services, tx, workspaceId, "event");
    });
  } catch (error) {
    await asOperator(services.db, (tx) =>
      tx
        .update(billingEvents)
        .set({ error: inWords(error), attempts: sql`${billingEvents.attempts} + 1` })
        .where(waiting),
    );
    throw error;
  }
}
