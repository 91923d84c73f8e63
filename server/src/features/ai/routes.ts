import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { deleteAiKey } from "./delete-ai-key.ts";
import { getAiKey, listAiKeys } from "./get-ai-keys.ts";
import { listBrains } from "./list-brains.ts";
import { putAiKey } from "./put-ai-key.ts";
import type { AiServices } from "./services.ts";

export function aiRoutes(router: Router, services: AiServices): void {
  router.member(contract.listBrains, (ctx) => listBrains(ctx, services));
  router.member(contract.listAiKeys, (ctx) => listAiKeys(ctx));
  router.member(contract.getAiKey, (ctx, { params }) => getAiKey(ctx, params.provider));
  router.member(contract.putAiKey, (ctx, { params, body }) => putAiKey(ctx, params.provider, body, services));
  router.member(contract.deleteAiKey, (ctx, { params }) => deleteAiKey(ctx, params.provider));
}
