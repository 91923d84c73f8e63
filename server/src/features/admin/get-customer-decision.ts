import type { CustomerDecision } from "@charlie/contract";
import { eq } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { decisions } from "../../db/schema/usage.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { notFound } from "../../errors.ts";
import { presentKept } from "../plans/index.ts";

/** What any customer was refused under this id, and why. Throws 404. */
export async function getCustomerDecision(ctx: OperatorCtx, id: string): Promise<CustomerDecision> {
  const [row] = await asOperator(ctx.db, (tx) =>
    tx
      .select({ decision: decisions, customer: { id: workspaces.id, name: workspaces.name } })
      .from(decisions)
      .innerJoin(workspaces, eq(workspaces.id, decisions.workspaceId))
      .where(eq(decisions.id, id)),
  );
  if (!row) throw notFound("decision");
  return { ...presentKept(row.decision), customer: row.customer };
}
