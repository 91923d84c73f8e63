import { and, eq, isNull, or, sql, type SQL } from "drizzle-orm";
import { asOperator, type Tx } from "../../db/client.ts";
import { billingEvents } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { normaliseEvent } from "../../integrations/stripe/index.ts";
import { isDispute, syncedEvents } from "./event-kinds.ts";
import { withBillingLock } from "./lock.ts";
import { customerOfDispute, recordDispute, recordRefunds } from "./payment-records.ts";
import { mailReceipt } from "./receipts.ts";
import type { BillingServices } from "./services.ts";
import { syncLocked } from "./sync-subscription.ts";

/** An error in one line, with what caused it. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** A stored event: the rest of its payload is a hint at most (money.md, section 4). */
interface Stored {
  type: string;
  customer: string | null;
  processedAt: Date | null;
  payload: unknown;
}

const subjectOf = ({ payload }: Stored): string => normaliseEvent(payload).subjectId ?? "";

/** Puts on record what one event is about, apart from the plan. */
async function keep(services: BillingServices, tx: Tx, workspaceId: string, event: Stored): Promise<void> {
  if (event.type === "invoice.paid") await mailReceipt(services, tx, workspaceId, subjectOf(event));
  if (event.type === "charge.refunded") await recordRefunds(services, workspaceId, subjectOf(event));
  if (isDispute(event.type)) await recordDispute(services, workspaceId, subjectOf(event));
}

const columns = {
  type: billingEvents.type,
  customer: billingEvents.stripeCustomerId,
  processedAt: billingEvents.processedAt,
  payload: billingEvents.payload,
};

/** Marks what is waiting as done, and tells what it was. */
const take = (tx: Tx, waiting: SQL | undefined): Promise<Stored[]> =>
  tx
    .update(billingEvents)
    .set({ processedAt: sql`now()`, error: null, attempts: sql`${billingEvents.attempts} + 1` })
    .where(waiting)
    .returning(columns);

async function find({ db }: BillingServices, id: string) {
  const [event] = await asOperator(db, (tx) => tx.select(columns).from(billingEvents).where(eq(billingEvents.id, id)));
  return event;
}

/** Whose an event is; `null` where it is about a customer that is none of ours: the account may sell other things too. */
async function workspaceOf(services: BillingServices, event: Stored): Promise<string | null> {
  const customer = isDispute(event.type) ? await customerOfDispute(services, subjectOf(event)) : event.customer;
  if (customer === null) return null;
  const [workspace] = await asOperator(services.db, (tx) =>
    tx.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.stripeCustomerId, customer)),
  );
  return workspace?.id ?? null;
}

/**
 * Works on a stored event, and on all else that waits of the same customer: one look at Stripe serves them all. Done
 * before: does nothing. Attempts and the last error are kept beside the event. Throws what goes wrong, so that the
 * queue tries again, waiting longer each time.
 */
export async function processEvent(services: BillingServices, id: string): Promise<void> {
  const event = await find(services, id);
  if (!event || event.processedAt) return;
  const same = event.customer === null ? eq(billingEvents.id, id) : eq(billingEvents.stripeCustomerId, event.customer);
  const waiting = and(isNull(billingEvents.processedAt), or(eq(billingEvents.id, id), same));
  try {
    const workspaceId = await workspaceOf(services, event);
    if (workspaceId === null) {
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
