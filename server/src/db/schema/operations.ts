import { boolean, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { moment, primaryId } from "./columns.ts";

/** What is done to the service itself, and tells by its outcome whether the service is well. */
export const operationKinds = ["backup", "restore_check", "certificate", "doctor"] as const;
export type OperationName = (typeof operationKinds)[number];

export const operations = pgTable("operations", {
  id: primaryId(),
  name: text("name").$type<OperationName>().notNull(),
  ok: boolean("ok").notNull(),
  detail: jsonb("detail").$type<Record<string, unknown>>().notNull().default({}),
  startedAt: moment("started_at").notNull(),
  /** Null while it runs, and for ever where it was killed. */
  endedAt: moment("ended_at").defaultNow(),
});
