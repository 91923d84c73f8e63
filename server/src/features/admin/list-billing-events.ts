import type { billingEventStates, EndpointOutput, listBillingEvents as endpoint } from "@charlie/contract";
import { and, desc, eq, isNotNull, isNull, lt, type SQL } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { billingEvents } from "../../db/schema/billing.ts";
import { idPlace, pageOfRows, readCursor } from "../../http/pages.ts";
import { presentEvent, selectEvents } from "./billing-events.ts";

type State = (typeof billingEventStates)[number];

const inState: Record<State, SQL | undefined> = {
  all: undefined,
  failed: and(isNull(billingEvents.processedAt), isNotNull(billingEvents.error)),
  waiting: isNull(billingEvents.processedAt),
};

interface Input {
  limit: number;
  cursor?: string | undefined;
  state: State;
  type?: string | undefined;
  customer?: string | undefined;
}

/** What Stripe sent, newest first. `customer` is Stripe's id. */
export async function listBillingEvents(
  ctx: OperatorCtx,
  { limit, cursor, state, type, customer }: Input,
): Promise<EndpointOutput<typeof endpoint>> {
  const [before] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  const rows = await asOperator(ctx.db, (tx) =>
    selectEvents(tx)
      .where(
        and(
          inState[state],
          type === undefined ? undefined : eq(billingEvents.type, type),
          customer === undefined ? undefined : eq(billingEvents.stripeCustomerId, customer),
          before === undefined ? undefined : lt(billingEvents.id, before),
        ),
      )
      .orderBy(desc(billingEvents.id))
      .limit(limit + 1),
  );
  return pageOfRows(rows, limit, presentEvent, ({ event }) => [event.id]);
}
