import type { Decision, DecisionLimit, Help, KeptDecision, MetricType, Payer, PlanId } from "@charlie/contract";
import { bigint, boolean, date, jsonb, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, moment, primaryId, updatedAt, workspaceId } from "./columns.ts";

const count = (name: string) => bigint(name, { mode: "number" }).notNull();

export const usageMetrics = pgTable("usage_metrics", {
  workspaceId: workspaceId(),
  metricType: text("metric_type").$type<MetricType>().notNull(),
  value: count("value"),
  reserved: count("reserved").default(0),
  periodStart: moment("period_start").notNull(),
  periodEnd: moment("period_end").notNull(),
  updatedAt: updatedAt(),
});

export const usageEvents = pgTable("usage_events", {
  messageId: uuid("message_id").primaryKey(),
  workspaceId: workspaceId(),
  countedOn: date("counted_on", { mode: "string" }).notNull(),
  agentId: uuid("agent_id").notNull(),
  provider: text("provider").notNull(),
  model: text("model").notNull(),
  tokensIn: count("tokens_in"),
  tokensOut: count("tokens_out"),
  tokensCached: count("tokens_cached"),
  costMicros: count("cost_micros"),
  payer: text("payer").$type<Payer>().notNull(),
  periodStart: moment("period_start").notNull(),
  passedOn: boolean("passed_on").notNull().default(false),
  ownKeyMicros: bigint("own_key_micros", { mode: "number" }),
  estimated: boolean("estimated").notNull().default(false),
  givenBack: boolean("given_back").notNull().default(false),
  createdAt: createdAt(),
});

export const usageDaily = pgTable(
  "usage_daily",
  {
    workspaceId: workspaceId(),
    day: date("day", { mode: "string" }).notNull(),
    agentId: uuid("agent_id").notNull(),
    provider: text("provider").notNull(),
    model: text("model").notNull(),
    payer: text("payer").$type<Payer>().notNull(),
    messages: count("messages"),
    tokensIn: count("tokens_in"),
    tokensOut: count("tokens_out"),
    tokensCached: count("tokens_cached"),
    costMicros: count("cost_micros"),
    passedOnMicros: count("passed_on_micros").default(0),
    ownKeyMicros: count("own_key_micros").default(0),
  },
  (table) => [
    primaryKey({
      columns: [table.workspaceId, table.day, table.agentId, table.provider, table.model, table.payer],
    }),
  ],
);

export const retiredMessages = pgTable(
  "retired_messages",
  {
    workspaceId: workspaceId(),
    month: date("month", { mode: "string" }).notNull(),
    answers: bigint("answers", { mode: "number" }),
    retiredAt: moment("retired_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.month] })],
);

export const decisions = pgTable("decisions", {
  id: primaryId(),
  workspaceId: workspaceId(),
  limitName: text("limit_name").$type<DecisionLimit>().notNull(),
  plan: text("plan").$type<PlanId>().notNull(),
  used: count("used"),
  allowed: count("allowed"),
  resetsAt: moment("resets_at"),
  next: jsonb("next").$type<Decision["next"]>(),
  actorId: text("actor_id").notNull(),
  status: smallint("status").$type<KeptDecision["status"]>().notNull(),
  asked: text("asked").notNull(),
  detail: text("detail").notNull(),
  helps: text("helps").array().$type<Help[]>().notNull(),
  heldMicros: bigint("held_micros", { mode: "number" }),
  neededMicros: bigint("needed_micros", { mode: "number" }),
  createdAt: createdAt(),
});
