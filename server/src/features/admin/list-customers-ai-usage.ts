import type { CustomerAiUsage } from "@charlie/contract";
import { desc, inArray, lt } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { idPlace, pageOfRows, readCursor } from "../../http/pages.ts";
import { usageReportOf } from "../billing/index.ts";

/**
 * AI usage of the customers of one page, newest first, on its way to the invoice. Only who ever paid has any to pass on;
 * of those, who never had any is left out. Work is bounded by the page.
 */
export async function listCustomersAiUsage(
  ctx: OperatorCtx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  { now }: { now: () => Date },
): Promise<{ items: CustomerAiUsage[]; nextCursor: string | null }> {
  const [before] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  return asOperator(ctx.db, async (tx) => {
    const rows = await tx
      .select({ id: subscriptions.workspaceId })
      .from(subscriptions)
      .where(before === undefined ? undefined : lt(subscriptions.workspaceId, before))
      .orderBy(desc(subscriptions.workspaceId))
      .limit(limit + 1);
    const page = pageOfRows(
      rows,
      limit,
      ({ id }) => id,
      ({ id }) => [id],
    );
    const customers = await tx
      .select({ id: workspaces.id, name: workspaces.name })
      .from(workspaces)
      .where(inArray(workspaces.id, page.items))
      .orderBy(desc(workspaces.id));
    const items: CustomerAiUsage[] = [];
    for (const customer of customers) {
      const view = await usageReportOf(tx, customer.id, now());
      if (!view) continue;
      const { workspaceId: _, periodEnd: __, lastReportedAt, invoicedCents: ___, ...amounts } = view;
      items.push({ customer, ...amounts, lastReportedAt: lastReportedAt?.toISOString() ?? null });
    }
    return { items, nextCursor: page.nextCursor };
  });
}
