import { randomUUIDv7 } from "node:crypto";
import type { Project } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { projects } from "../../db/schema/agents.ts";
import { needRoomFor } from "../plans/index.ts";
import { audit } from "../workspaces/index.ts";
import { findProject } from "./present.ts";

/** Makes a project. Throws 402 at the plan's limit, however many requests come at once. */
export async function createProject(ctx: Ctx, { name }: { name: string }): Promise<Project> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await needRoomFor(ctx, tx, "projects");
    const id = randomUUIDv7();
    await tx.insert(projects).values({ id, workspaceId: ctx.workspaceId, name });
    await audit(tx, ctx, "project.created", id, { name });
    return findProject(tx, id);
  });
}
