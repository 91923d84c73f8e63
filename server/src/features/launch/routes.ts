import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { checkLaunch } from "./check-launch.ts";
import type { Examined } from "./checks/index.ts";
import { getLaunch } from "./get-launch.ts";

export function launchRoutes(router: Router, examined: Examined): void {
  router.operator(contract.getLaunch, (ctx) => getLaunch(ctx));
  router.operator(contract.checkLaunch, (ctx) => checkLaunch(ctx, examined));
}
