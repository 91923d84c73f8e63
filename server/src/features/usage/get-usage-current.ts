import type { UsageCurrent } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { currentMetrics } from "./current-metrics.ts";

/** What is used in the running period, each metric; with `at`, in the period that ran then. */
export async function getUsageCurrent(ctx: Ctx, at: Date | null = null): Promise<UsageCurrent> {
  needRole(ctx, "viewer");
  const metrics = await ctx.transaction((tx) => currentMetrics(tx, ctx.workspaceId, at));
  return {
    metrics: metrics.map(({ metric, value, periodStart, periodEnd }) => ({
      metric,
      value,
      periodStart: periodStart.toISOString(),
      periodEnd: periodEnd.toISOString(),
    })),
  };
}
