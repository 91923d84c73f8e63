import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import type { Operators } from "../../operators.ts";
import { getMe } from "./get-me.ts";
import { updateWorkspace } from "./update-workspace.ts";

export function workspacesRoutes(router: Router, operators: Operators): void {
  router.member(contract.getMe, (ctx) => getMe(ctx, operators));
  router.member(contract.updateWorkspace, (ctx, { params, body }) => updateWorkspace(ctx, params.id, body));
}
