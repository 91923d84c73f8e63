import type { PlanId, Role } from "@charlie/contract";
import { bigint, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, moment, primaryId, updatedAt, workspaceId } from "./columns.ts";

export const workspaces = pgTable("workspaces", {
  id: primaryId(),
  name: text("name").notNull(),
  plan: text("plan").$type<PlanId>().notNull().default("free"),
  periodStart: moment("period_start"),
  periodEnd: moment("period_end"),
  stripeCustomerId: text("stripe_customer_id"),
  spendCapMicros: bigint("spend_cap_micros", { mode: "number" }),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const members = pgTable(
  "members",
  {
    workspaceId: workspaceId(),
    userId: uuid("user_id").notNull(),
    role: text("role").$type<Role>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.userId] })],
);

export const auditLog = pgTable("audit_log", {
  id: primaryId(),
  workspaceId: workspaceId(),
  actorType: text("actor_type").$type<"user" | "system">().notNull(),
  actorId: text("actor_id").notNull(),
  action: text("action").notNull(),
  subjectId: text("subject_id"),
  data: jsonb("data").$type<Record<string, unknown>>().notNull().default({}),
  createdAt: createdAt(),
});

export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    workspaceId: workspaceId(),
    key: text("key").notNull(),
    requestHash: text("request_hash").notNull(),
    status: integer("status"),
    response: jsonb("response"),
    messageId: uuid("message_id"),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.key] })],
);
