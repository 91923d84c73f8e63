import { timestamp, uuid } from "drizzle-orm/pg-core";

/** A moment, as a Date. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
export const primaryId = () => uuid("id").primaryKey();
export const workspaceId = () => uuid("workspace_id").notNull();
export const createdAt = () => moment("created_at").notNull().defaultNow();
export const updatedAt = () => moment("updated_at").notNull().defaultNow();
