import type { BillingDifference, BillingInterval, PlanId, RevenueKind, Subscription } from "@charlie/contract";
import { bigint, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, moment, primaryId, updatedAt, workspaceId } from "./columns.ts";

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
  mrrMicros: bigint("mrr_micros", { mode: "number" }).notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const revenueChanges = pgTable("revenue_changes", {
  id: primaryId(),
  workspaceId: workspaceId(),
  kind: text("kind").$type<RevenueKind>().notNull(),
  amountMicros: bigint("amount_micros", { mode: "number" }).notNull(),
  at: moment("at").notNull(),
  createdAt: createdAt(),
});

const counted = (name: string) => integer(name).notNull().default(0);

export const reconciliations = pgTable("reconciliations", {
  id: primaryId(),
  startedAt: moment("started_at").notNull().defaultNow(),
  finishedAt: moment("finished_at"),
  recovered: counted("recovered"),
  checked: counted("checked"),
  repaired: counted("repaired"),
  failed: counted("failed"),
  error: text("error"),
});

export const billingDifferences = pgTable("billing_differences", {
  id: primaryId(),
  workspaceId: workspaceId(),
  kind: text("kind").$type<BillingDifference["kind"]>().notNull(),
  data: jsonb("data").$type<Record<string, unknown>>().notNull().default({}),
  error: text("error"),
  foundAt: moment("found_at").notNull().defaultNow(),
  lastSeenAt: moment("last_seen_at").notNull().defaultNow(),
  repairedAt: moment("repaired_at"),
});

export const usagePeriods = pgTable(
  "usage_periods",
  {
    workspaceId: workspaceId(),
    stripeItemId: text("stripe_item_id").notNull(),
    stripePriceId: text("stripe_price_id").notNull(),
    stripeSubscriptionId: text("stripe_subscription_id").notNull(),
    stripeCustomerId: text("stripe_customer_id").notNull(),
    periodStart: moment("period_start").notNull(),
    periodEnd: moment("period_end").notNull(),
    acceptedMicros: bigint("accepted_micros", { mode: "number" }).notNull().default(0),
    settledAt: moment("settled_at"),
    invoicedMicros: bigint("invoiced_micros", { mode: "number" }),
    invoicedCents: bigint("invoiced_cents", { mode: "number" }),
    stripeInvoiceId: text("stripe_invoice_id"),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.stripeItemId, table.periodStart] })],
);

export const usageReports = pgTable("usage_reports", {
  id: primaryId(),
  workspaceId: workspaceId(),
  stripeItemId: text("stripe_item_id").notNull(),
  periodStart: moment("period_start").notNull(),
  identifier: text("identifier").notNull(),
  micros: bigint("micros", { mode: "number" }).notNull(),
  reportedFor: moment("reported_for").notNull(),
  createdAt: createdAt(),
  attemptedAt: moment("attempted_at"),
  attempts: integer("attempts").notNull().default(0),
  acceptedAt: moment("accepted_at"),
  error: text("error"),
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
