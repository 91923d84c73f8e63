import type { Reconciliation } from "@charlie/contract";
import { desc } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { reconciliations } from "../../db/schema/billing.ts";

export type ReconciliationRow = typeof reconciliations.$inferSelect;

export const presentReconciliation = ({ startedAt, finishedAt, ...row }: ReconciliationRow): Reconciliation => ({
  ...row,
  startedAt: startedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
});

/** The newest comparison with Stripe. */
export async function latestReconciliation(tx: Tx): Promise<ReconciliationRow | undefined> {
  const [latest] = await tx.select().from(reconciliations).orderBy(desc(reconciliations.id)).limit(1);
  return latest;
}
