import type { BillingEvent } from "@charlie/contract";
import { eq } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { billingEvents } from "../../db/schema/billing.ts";
import { notFound } from "../../errors.ts";
import { enqueue } from "../../jobs/queue.ts";
import { eventKey } from "../billing/index.ts";
import { audit } from "../workspaces/index.ts";
import { presentEvent, selectEvents } from "./billing-events.ts";

/**
 * Has an event worked on once more, at once. Since an event only makes us look at Stripe, one that was done already
 * changes nothing. On record with its customer, or else with whoever pressed the button. Throws 404.
 */
export async function replayBillingEvent(ctx: OperatorCtx, id: string): Promise<BillingEvent> {
  return asOperator(ctx.db, async (tx) => {
    const [row] = await selectEvents(tx).where(eq(billingEvents.id, id)).for("no key update", { of: billingEvents });
    if (!row) throw notFound("event");
    const { stripeCustomerId: customer, stripeEventId, type } = row.event;
    await tx.update(billingEvents).set({ processedAt: null }).where(eq(billingEvents.id, id));
    // The key that its customer's other events wait under: one job works on all of them.
    await enqueue(tx, "billing-event", { id }, { key: eventKey({ id, customer }) });
    const workspaceId = row.customer?.id ?? ctx.workspaceId;
    await audit(tx, { actor: ctx.actor, workspaceId }, "admin.event_replayed", stripeEventId, { type });
    return presentEvent({ ...row, event: { ...row.event, processedAt: null } });
  });
}
