import type { Flow } from "@charlie/contract";
import { jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, moment, primaryId, updatedAt, workspaceId } from "./columns.ts";

export const projects = pgTable("projects", {
  id: primaryId(),
  workspaceId: workspaceId(),
  name: text("name").notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  deletedAt: moment("deleted_at"),
  /** Since when it is beyond what the plan gives; null while it is live. */
  frozenAt: moment("frozen_at"),
  /** When the owner chose it to stay live, whatever the plan. */
  pickedAt: moment("picked_at"),
});

export const agents = pgTable("agents", {
  id: primaryId(),
  workspaceId: workspaceId(),
  projectId: uuid("project_id").notNull(),
  name: text("name").notNull(),
  flow: jsonb("flow").$type<Flow>().notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  lastUsedAt: moment("last_used_at"),
  deletedAt: moment("deleted_at"),
  /** Since when it is beyond what the plan gives; null while it is live. */
  frozenAt: moment("frozen_at"),
  /** When the owner chose it to stay live, whatever the plan. */
  pickedAt: moment("picked_at"),
});
