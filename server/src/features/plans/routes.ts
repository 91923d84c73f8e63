import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { getPlanFit } from "./get-plan-fit.ts";
import { getDecision } from "./get-decision.ts";
import { listDecisions } from "./list-decisions.ts";
import { listPlans } from "./list-plans.ts";
import { putPlanFit } from "./put-plan-fit.ts";

export function plansRoutes(router: Router): void {
  router.open(contract.listPlans, () => Promise.resolve(listPlans()));
  router.member(contract.getPlanFit, (ctx, { query }) => getPlanFit(ctx, query));
  router.member(contract.putPlanFit, (ctx, { body }) => putPlanFit(ctx, body));
  router.member(contract.listDecisions, (ctx, { query }) => listDecisions(ctx, query));
  router.member(contract.getDecision, (ctx, { params }) => getDecision(ctx, params.id));
}
