import type { KeptDecision } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { decisions } from "../../db/schema/usage.ts";
import { notFound } from "../../errors.ts";
import { presentKept } from "./present.ts";

/** What was refused under this id, and why. Throws 404. */
export async function getDecision(ctx: Ctx, id: string): Promise<KeptDecision> {
  needRole(ctx, "viewer");
  const [row] = await ctx.transaction((tx) => tx.select().from(decisions).where(eq(decisions.id, id)));
  if (!row) throw notFound("decision");
  return presentKept(row);
}
