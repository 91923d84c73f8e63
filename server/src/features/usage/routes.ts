import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { getUsageCurrent } from "./get-usage-current.ts";
import { getUsageHistory } from "./get-usage-history.ts";
import { getUsageLimits } from "./get-usage-limits.ts";

export function usageRoutes(router: Router): void {
  router.member(contract.getUsageCurrent, (ctx) => getUsageCurrent(ctx));
  router.member(contract.getUsageHistory, (ctx, { query }) => getUsageHistory(ctx, query));
  router.member(contract.getUsageLimits, (ctx) => getUsageLimits(ctx));
}
