import type { EndpointOutput, getBillingEvent as endpoint } from "@charlie/contract";
import { eq } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { billingEvents } from "../../db/schema/billing.ts";
import { notFound } from "../../errors.ts";
import { presentEvent, selectEvents } from "./billing-events.ts";

/** One event with its payload. Throws 404. */
export async function getBillingEvent(ctx: OperatorCtx, id: string): Promise<EndpointOutput<typeof endpoint>> {
  return asOperator(ctx.db, async (tx) => {
    const [row] = await selectEvents(tx).where(eq(billingEvents.id, id));
    const [stored] = await tx
      .select({ payload: billingEvents.payload })
      .from(billingEvents)
      .where(eq(billingEvents.id, id));
    if (!row || !stored) throw notFound("event");
    return { ...presentEvent(row), payload: stored.payload };
  });
}
