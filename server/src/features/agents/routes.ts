import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { previewAnswer } from "../flows/index.ts";
import { createAgent, duplicateAgent } from "./create-agent.ts";
import { deleteAgent, restoreAgent } from "./delete-agent.ts";
import { listAgents } from "./list-agents.ts";
import { findAgent, presentAgent } from "./present.ts";
import { updateAgent } from "./update-agent.ts";

export function agentsRoutes(router: Router): void {
  router.member(contract.listAgents, (ctx, { query }) => listAgents(ctx, query));
  router.member(contract.createAgent, (ctx, { body }) => createAgent(ctx, body));
  router.member(contract.previewAgent, (_ctx, { body: { name, ...body } }) =>
    previewAnswer({ ...body, agentName: name || "Charlie" }),
  );
  router.member(contract.getAgent, (ctx, { params }) =>
    ctx.transaction(async (tx) => presentAgent(await findAgent(tx, params.id))),
  );
  router.member(contract.updateAgent, (ctx, { params, body }) => updateAgent(ctx, params.id, body));
  router.member(contract.duplicateAgent, (ctx, { params }) => duplicateAgent(ctx, params.id));
  router.member(contract.deleteAgent, (ctx, { params }) => deleteAgent(ctx, params.id));
  router.member(contract.restoreAgent, (ctx, { params }) => restoreAgent(ctx, params.id));
}
