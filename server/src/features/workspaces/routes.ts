import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { getMe } from "./get-me.ts";
import { updateWorkspace } from "./update-workspace.ts";

export function workspacesRoutes(router: Router): void {
  router.member(contract.getMe, (ctx) => getMe(ctx));
  router.member(contract.updateWorkspace, (ctx, { params, body }) => updateWorkspace(ctx, params.id, body));
}
