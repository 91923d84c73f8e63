import { dollarWords, type UsageLimits } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { badRequest } from "../../errors.ts";
import { lockWorkspace, spendCapOf, type OperatorAi } from "../plans/index.ts";
import { audit } from "../workspaces/index.ts";
import { getUsageLimits } from "./get-usage-limits.ts";

/**
 * Caps what AI on the operator's key may cost the workspace in a billing period, in micro-dollars; `null` takes the
 * plan's usual cap. Holds for the next question; answers that run keep what they hold. Throws 400 above the plan's most.
 */
export async function setSpendCap(
  ctx: Ctx,
  { capMicros }: { capMicros: number | null },
  operatorAi: OperatorAi,
): Promise<UsageLimits> {
  needRole(ctx, "admin");
  return ctx.transaction(async (tx, inner) => {
    const plan = await lockWorkspace(tx, ctx.workspaceId);
    const { most } = spendCapOf({ plan, spendCapMicros: null }, operatorAi);
    if (capMicros !== null && capMicros > most) {
      throw badRequest("cap_too_high", `On this plan the cap can be ${dollarWords(most)} at most.`);
    }
    await tx.update(workspaces).set({ spendCapMicros: capMicros }).where(eq(workspaces.id, ctx.workspaceId));
    await audit(tx, ctx, "workspace.spend_cap_set", ctx.workspaceId, { capMicros });
    return getUsageLimits(inner, operatorAi);
  });
}
