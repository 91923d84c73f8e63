import type { BillingInterval, PlanId, Subscription } from "@charlie/contract";
import { integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, moment, primaryId, updatedAt } from "./columns.ts";

export const subscriptions = pgTable("subscriptions", {
  workspaceId: uuid("workspace_id").primaryKey(),
  stripeSubscriptionId: text("stripe_subscription_id").notNull(),
  status: text("status").$type<Subscription["status"]>().notNull(),
  plan: text("plan").$type<PlanId>().notNull(),
  priceId: text("price_id").notNull(),
  billingInterval: text("billing_interval").$type<BillingInterval>().notNull(),
  currentPeriodStart: moment("current_period_start").notNull(),
  currentPeriodEnd: moment("current_period_end").notNull(),
  cancelAt: moment("cancel_at"),
  pastDueSince: moment("past_due_since"),
  renewalCents: integer("renewal_cents"),
  openCents: integer("open_cents"),
  openInvoiceUrl: text("open_invoice_url"),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const billingEvents = pgTable("billing_events", {
  id: primaryId(),
  stripeEventId: text("stripe_event_id").notNull(),
  type: text("type").notNull(),
  stripeCustomerId: text("stripe_customer_id"),
  payload: jsonb("payload").notNull(),
  receivedAt: moment("received_at").notNull().defaultNow(),
  processedAt: moment("processed_at"),
  attempts: integer("attempts").notNull().default(0),
  error: text("error"),
});

export const mails = pgTable("mails", {
  id: primaryId(),
  dedupeKey: text("dedupe_key").notNull(),
  recipient: text("recipient").notNull(),
  subject: text("subject").notNull(),
  text: text("text").notNull(),
  html: text("html").notNull(),
  createdAt: createdAt(),
  sentAt: moment("sent_at"),
});
