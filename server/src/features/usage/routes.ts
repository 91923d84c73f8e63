import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import type { OperatorAi } from "../plans/index.ts";
import { exportUsage } from "./export-usage.ts";
import { getUsageCurrent } from "./get-usage-current.ts";
import { getUsageHistory } from "./get-usage-history.ts";
import { getUsageLimits } from "./get-usage-limits.ts";
import { setSpendCap } from "./set-spend-cap.ts";

export function usageRoutes(router: Router, operatorAi: OperatorAi): void {
  router.member(contract.getUsageCurrent, (ctx) => getUsageCurrent(ctx));
  router.member(contract.getUsageHistory, (ctx, { query }) => getUsageHistory(ctx, query));
  router.stream(contract.exportUsage, async (ctx, { query }, { reply }) => {
    const { name, text } = await exportUsage(ctx, query);
    return reply
      .type("text/csv; charset=utf-8")
      .header("cache-control", "no-store")
      .header("content-disposition", `attachment; filename="${name}"`)
      .send(text);
  });
  router.member(contract.getUsageLimits, (ctx) => getUsageLimits(ctx, operatorAi));
  router.member(contract.setSpendCap, (ctx, { body }) => setSpendCap(ctx, body, operatorAi));
}
