import { and, eq } from "drizzle-orm";
import { asOperator } from "../../db/client.ts";
import { auditLog } from "../../db/schema/workspaces.ts";
import { audit } from "../workspaces/index.ts";
import { stripeSync, type BillingServices } from "./services.ts";

/**
 * Puts something that an operator has to know of on record, once for each subject, whatever becomes of the caller's
 * transaction. With `level` error it also needs somebody to look into it. Call it under the billing lock.
 */
export async function recordOnce(
  { db, log }: BillingServices,
  workspaceId: string,
  action: string,
  subjectId: string,
  data: Record<string, unknown>,
  level: "error" | "info" = "error",
): Promise<void> {
  await asOperator(db, async (tx) => {
    const found = await tx
      .select({ id: auditLog.id })
      .from(auditLog)
      .where(and(eq(auditLog.workspaceId, workspaceId), eq(auditLog.action, action), eq(auditLog.subjectId, subjectId)))
      .limit(1);
    if (found.length > 0) return;
    await audit(tx, { actor: stripeSync, workspaceId }, action, subjectId, data);
    log[level]({ workspaceId, action, subjectId, ...data }, level === "error" ? "billing needs a look" : "on record");
  });
}
