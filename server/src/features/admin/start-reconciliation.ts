import { randomUUIDv7 } from "node:crypto";
import type { Reconciliation } from "@charlie/contract";
import { sql } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { reconciliations } from "../../db/schema/billing.ts";
import { enqueue } from "../../jobs/queue.ts";
import { audit } from "../workspaces/index.ts";
import { latestReconciliation, presentReconciliation } from "./reconciliations.ts";

/** A comparison that has not ended after this long, in ms, died with its server. */
const longest = 30 * 60_000;

/** Has every customer compared with Stripe now, by the queue. One that waits or runs already is answered instead. */
export async function startReconciliation(ctx: OperatorCtx): Promise<Reconciliation> {
  return asOperator(ctx.db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('start-reconciliation', 0))`);
    const latest = await latestReconciliation(tx);
    if (latest && !latest.finishedAt && latest.startedAt.getTime() > Date.now() - longest)
      return presentReconciliation(latest);
    const id = randomUUIDv7();
    const [row] = await tx.insert(reconciliations).values({ id }).returning();
    if (!row) throw new Error("the comparison was not written down");
    await enqueue(tx, "billing-reconcile", { id });
    await audit(tx, ctx, "admin.reconciliation_started", id);
    return presentReconciliation(row);
  });
}
