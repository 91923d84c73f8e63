import type { BillingDifference } from "@charlie/contract";
import { and, desc, eq, isNull, lt } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { billingDifferences } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { idPlace, pageOfRows, readCursor } from "../../http/pages.ts";

interface Row {
  difference: typeof billingDifferences.$inferSelect;
  customer: { id: string; name: string };
}

const present = ({ difference, customer }: Row): BillingDifference => ({
  id: difference.id,
  customer,
  kind: difference.kind,
  foundAt: difference.foundAt.toISOString(),
  lastSeenAt: difference.lastSeenAt.toISOString(),
  repairedAt: difference.repairedAt?.toISOString() ?? null,
  data: difference.data,
  error: difference.error,
});

/** What differed from Stripe, newest first; `open` is what could not be repaired. */
export async function listBillingDifferences(
  ctx: OperatorCtx,
  { limit, cursor, state }: { limit: number; cursor?: string | undefined; state: "all" | "open" },
): Promise<{ items: BillingDifference[]; nextCursor: string | null }> {
  const [before] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  const rows = await asOperator(ctx.db, (tx) =>
    tx
      .select({ difference: billingDifferences, customer: { id: workspaces.id, name: workspaces.name } })
      .from(billingDifferences)
      .innerJoin(workspaces, eq(workspaces.id, billingDifferences.workspaceId))
      .where(
        and(
          state === "open" ? isNull(billingDifferences.repairedAt) : undefined,
          before === undefined ? undefined : lt(billingDifferences.id, before),
        ),
      )
      .orderBy(desc(billingDifferences.id))
      .limit(limit + 1),
  );
  return pageOfRows(rows, limit, present, ({ difference }) => [difference.id]);
}
