import { eq } from "drizzle-orm";
import { makeCtx } from "../../../context.ts";
import { asOperator } from "../../../db/client.ts";
import { members } from "../../../db/schema/workspaces.ts";
import { AppError } from "../../../errors.ts";
import { cancelPlan, type BillingServices } from "../../billing/index.ts";

/** Ends the plan of a workspace that has no member, so that nobody pays for what they cannot reach. Safe to repeat. */
export async function endDesertedPlan(billing: BillingServices, workspaceId: string): Promise<void> {
  const { db } = billing;
  const left = await asOperator(db, (tx) => tx.select().from(members).where(eq(members.workspaceId, workspaceId)));
  if (left.length > 0) return;
  const actor = { type: "system", name: "clerk" } as const;
  try {
    await cancelPlan(makeCtx({ actor, role: "owner", workspaceId, db }), billing);
  } catch (error) {
    // 409: it never paid, or its plan is over.
    if (!(error instanceof AppError && error.status === 409)) throw error;
  }
}
