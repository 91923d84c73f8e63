import type { Failure, Feedback, MessageState, Trace } from "@charlie/contract";
import { bigint, boolean, date, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, moment, primaryId, updatedAt, workspaceId } from "./columns.ts";

export const conversations = pgTable("conversations", {
  id: primaryId(),
  workspaceId: workspaceId(),
  agentId: uuid("agent_id").notNull(),
  title: text("title").notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  deletedAt: moment("deleted_at"),
});

export const messages = pgTable("messages", {
  id: primaryId(),
  workspaceId: workspaceId(),
  conversationId: uuid("conversation_id").notNull(),
  role: text("role").$type<"user" | "assistant">().notNull(),
  text: text("text").notNull(),
  state: text("state").$type<MessageState>().notNull(),
  replyTo: uuid("reply_to"),
  countedOn: date("counted_on", { mode: "string" }),
  failure: jsonb("failure").$type<Failure>(),
  trace: jsonb("trace").$type<Trace>(),
  feedback: jsonb("feedback").$type<Feedback>(),
  replacedAt: moment("replaced_at"),
  createdAt: createdAt(),
  finishedAt: moment("finished_at"),
});

export const runningAnswers = pgTable("running_answers", {
  messageId: uuid("message_id").primaryKey(),
  workspaceId: workspaceId(),
  conversationId: uuid("conversation_id").notNull(),
  text: text("text").notNull().default(""),
  stopRequestedAt: moment("stop_requested_at"),
  heartbeatAt: moment("heartbeat_at").notNull().defaultNow(),
  periodStart: moment("period_start").notNull(),
  periodEnd: moment("period_end").notNull(),
  reservedMicros: bigint("reserved_micros", { mode: "number" }),
  passedOn: boolean("passed_on").notNull().default(false),
});
