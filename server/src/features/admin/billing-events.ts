import type { BillingEvent } from "@charlie/contract";
import { eq, getTableColumns } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { billingEvents } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";

/** Stored events with whose they are, without their payloads; the caller narrows, sorts and cuts. */
export function selectEvents(tx: Tx) {
  const { payload: _, ...columns } = getTableColumns(billingEvents);
  return tx
    .select({ event: columns, customer: { id: workspaces.id, name: workspaces.name } })
    .from(billingEvents)
    .leftJoin(workspaces, eq(workspaces.stripeCustomerId, billingEvents.stripeCustomerId))
    .$dynamic();
}

export type EventRow = Awaited<ReturnType<typeof selectEvents>>[number];

export const presentEvent = ({ event, customer }: EventRow): BillingEvent => ({
  id: event.id,
  stripeEventId: event.stripeEventId,
  type: event.type,
  stripeCustomerId: event.stripeCustomerId,
  customer,
  receivedAt: event.receivedAt.toISOString(),
  processedAt: event.processedAt?.toISOString() ?? null,
  attempts: event.attempts,
  error: event.error,
});
