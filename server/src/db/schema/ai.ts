import type { KeyProvider } from "@charlie/contract";
import { pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment, workspaceId } from "./columns.ts";

export const aiKeys = pgTable(
  "ai_keys",
  {
    workspaceId: workspaceId(),
    provider: text("provider").$type<KeyProvider>().notNull(),
    ciphertext: text("ciphertext").notNull(),
    lastFour: text("last_four").notNull(),
    baseUrl: text("base_url"),
    models: text("models").array().notNull().default([]),
    checkedAt: moment("checked_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.provider] })],
);
