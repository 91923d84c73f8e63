import { z } from "zod";
import { endpoint, id, idParams, line, micros, pageOf, pageQuery, time } from "../endpoint.ts";
import { billingIntervals, planIds } from "../plans.ts";
import { invoice, subscription } from "./billing.ts";

const status = subscription.shape.status;

export const customerGroups = ["all", "paying", "past_due", "ending", "free"] as const;
export type CustomerGroup = (typeof customerGroups)[number];

export const customer = z
  .object({
    /** The workspace's. */
    id,
    name: z.string(),
    /** Its owner; `null` where it has none any more. */
    owner: z.object({ name: z.string(), email: z.string() }).nullable(),
    createdAt: time,
    /** What it may do now; on Free in spite of an open payment once the days of grace are over. */
    plan: z.enum(planIds),
    status,
    interval: z.enum(billingIntervals).nullable(),
    /** When its first payment was seen. */
    payingSince: time.nullable(),
    /** What it adds to the monthly recurring revenue. */
    mrrMicros: micros,
    /** The next renewal and its amount in cents, discounts taken off, before tax. */
    renewsAt: time.nullable(),
    renewalCents: z.int().nullable(),
    cancelAt: time.nullable(),
    pastDue: z.object({ since: time, openCents: z.int().nullable() }).nullable(),
    stripeCustomerId: z.string().nullable(),
    /** The customer's page in Stripe. */
    stripeUrl: z.string().nullable(),
  })
  .meta({ id: "Customer" });
export type Customer = z.infer<typeof customer>;

export const auditEntry = z
  .object({
    id,
    at: time,
    action: z.string(),
    actor: z.object({ type: z.enum(["user", "system"]), id: z.string() }),
    subjectId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof auditEntry>;

export const revenueKinds = ["new", "expansion", "contraction", "churn", "failed", "recovered"] as const;
export type RevenueKind = (typeof revenueKinds)[number];

const revenueMonth = z.object({
  /** The UTC month, as 2026-11. */
  month: z.string(),
  startMicros: z.int(),
  newMicros: micros,
  expansionMicros: micros,
  contractionMicros: micros,
  churnMicros: micros,
  /** start + new + expansion − contraction − churn. */
  endMicros: z.int(),
  failedMicros: micros,
  recoveredMicros: micros,
});
export type RevenueMonth = z.infer<typeof revenueMonth>;

export const revenue = z
  .object({
    /** Stripe's time: the real one, or what the local Stripe's clock was turned to. */
    now: time,
    /** Monthly recurring revenue, and how many customers it comes from. */
    mrrMicros: micros,
    payers: z.int(),
    /** What of it waits for a payment that failed. */
    pastDueMicros: micros,
    pastDuePayers: z.int(),
    /** What of it will end by a cancellation. */
    endingMicros: micros,
    endingPayers: z.int(),
    plans: z.array(
      z.object({ plan: z.enum(planIds), interval: z.enum(billingIntervals), payers: z.int(), mrrMicros: micros }),
    ),
    /** Oldest first; the last one is still running. */
    months: z.array(revenueMonth),
  })
  .meta({ id: "Revenue" });
export type Revenue = z.infer<typeof revenue>;

const operator = { access: "operator", tag: "Operator" } as const;

export const customerAiUsage = z
  .object({
    customer: z.object({ id, name: z.string() }),
    /** Since ever, in micro-dollars: answers with our key on a paid plan, and each step on the way to the invoice. */
    recordedMicros: micros,
    reportedMicros: micros,
    acceptedMicros: micros,
    invoicedMicros: micros,
    /** Accepted, and its invoice is not due yet. */
    pendingMicros: micros,
    /** What each step lacks of the one before, `invoiced` with what is pending taken off; 0 when all has arrived. */
    differences: z.object({ reported: z.int(), accepted: z.int(), invoiced: z.int() }),
    lastReportedAt: time.nullable(),
    /** Why the last report did not arrive. */
    error: z.string().nullable(),
  })
  .meta({ id: "CustomerAiUsage" });
export type CustomerAiUsage = z.infer<typeof customerAiUsage>;

export const listCustomersAiUsage = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/ai-usage",
  summary: "AI usage of each paying customer on its way to the invoice; a page may hold fewer than `limit`",
  query: pageQuery,
  response: pageOf(customerAiUsage),
});

export const listCustomers = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/customers",
  summary:
    "Every workspace, newest first; `search` takes the beginnings of words of its name, or its people's; where very many have these, a page may hold fewer than `limit`",
  query: pageQuery.extend({ group: z.enum(customerGroups).default("all"), search: line(100).optional() }),
  response: pageOf(customer),
});

export const getCustomer = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/customers/:id",
  summary: "One workspace as its operator sees it",
  params: idParams,
  response: customer,
});

export const listCustomerAudit = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/customers/:id/audit",
  summary: "What happened to a workspace's plan and payments, newest first",
  params: idParams,
  query: pageQuery,
  response: pageOf(auditEntry),
});

export const listCustomerInvoices = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/customers/:id/invoices",
  summary: "A workspace's invoices, newest first",
  params: idParams,
  query: pageQuery,
  response: pageOf(invoice),
});

export const getRevenue = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/revenue",
  summary: "Monthly recurring revenue now, and how it came about month by month",
  query: z.object({ months: z.coerce.number().int().min(1).max(36).default(12) }),
  response: revenue,
});
