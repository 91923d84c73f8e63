import { listPlans as endpoint } from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { listPlans } from "./list-plans.ts";

export function plansRoutes(router: Router): void {
  router.open(endpoint, () => Promise.resolve(listPlans()));
}
