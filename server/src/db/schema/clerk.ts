import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

export const clerkUsers = pgTable("clerk_users", {
  clerkId: text("clerk_id").primaryKey(),
  userId: uuid("user_id"),
  toldAt: moment("told_at").notNull(),
});

export const clerkEndedSessions = pgTable("clerk_ended_sessions", {
  sessionId: text("session_id").primaryKey(),
  endedAt: moment("ended_at").notNull().defaultNow(),
});
