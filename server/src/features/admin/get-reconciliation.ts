import type { Reconciliation } from "@charlie/contract";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { latestReconciliation, presentReconciliation } from "./reconciliations.ts";

/** The newest comparison with Stripe; `null` before the first. */
export async function getReconciliation(ctx: OperatorCtx): Promise<{ latest: Reconciliation | null }> {
  const latest = await asOperator(ctx.db, latestReconciliation);
  return { latest: latest ? presentReconciliation(latest) : null };
}
