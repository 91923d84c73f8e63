import type { AiUsage } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { isRunning } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";
import { usageReportOf } from "./usage-report-view.ts";

/** What AI on the operator's key comes to for a workspace, and how far it is on its way to an invoice. */
export async function getAiUsage(ctx: Ctx, { now }: Pick<BillingServices, "now">): Promise<AiUsage> {
  needRole(ctx, "viewer");
  const { workspaceId } = ctx;
  const { view, known } = await ctx.transaction(async (tx) => ({
    view: await usageReportOf(tx, workspaceId, now()),
    known: (await tx.select().from(subscriptions).where(eq(subscriptions.workspaceId, workspaceId)))[0],
  }));
  const nextInvoiceAt = view?.periodEnd ?? (known && isRunning(known) ? known.currentPeriodEnd : null);
  return {
    recordedMicros: view?.recordedMicros ?? 0,
    reportedMicros: view?.reportedMicros ?? 0,
    acceptedMicros: view?.acceptedMicros ?? 0,
    invoicedMicros: view?.invoicedMicros ?? 0,
    nextInvoiceMicros: Math.max(0, (view?.recordedMicros ?? 0) - (view?.invoicedMicros ?? 0)),
    nextInvoiceAt: nextInvoiceAt?.toISOString() ?? null,
    lastReportedAt: view?.lastReportedAt?.toISOString() ?? null,
  };
}
