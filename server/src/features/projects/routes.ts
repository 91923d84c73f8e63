import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { createProject } from "./create-project.ts";
import { deleteProject, restoreProject } from "./delete-project.ts";
import { listProjects } from "./list-projects.ts";
import { updateProject } from "./update-project.ts";

export function projectsRoutes(router: Router): void {
  router.member(contract.listProjects, (ctx, { query }) => listProjects(ctx, query));
  router.member(contract.createProject, (ctx, { body }) => createProject(ctx, body));
  router.member(contract.updateProject, (ctx, { params, body }) => updateProject(ctx, params.id, body));
  router.member(contract.deleteProject, (ctx, { params }) => deleteProject(ctx, params.id));
  router.member(contract.restoreProject, (ctx, { params }) => restoreProject(ctx, params.id));
}
