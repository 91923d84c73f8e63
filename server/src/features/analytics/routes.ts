import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { setAnalyticsConsent } from "./set-analytics-consent.ts";

export function analyticsRoutes(router: Router): void {
  router.member(contract.setAnalyticsConsent, (ctx, { body }) => setAnalyticsConsent(ctx, body));
}
