import { z } from "zod";
import { endpoint, time } from "../endpoint.ts";
import { planIds } from "../plans.ts";

export const paidPlanIds = ["pro", "team"] as const;

export const subscription = z
  .object({
    plan: z.enum(planIds),
    /** Stripe's status of the subscription; `none` where the workspace never paid. */
    status: z.enum([
      "none",
      "active",
      "trialing",
      "past_due",
      "canceled",
      "unpaid",
      "incomplete",
      "incomplete_expired",
      "paused",
    ]),
    periodStart: time.nullable(),
    periodEnd: time.nullable(),
    /** When the plan ends by a cancellation that can still be undone. */
    cancelAt: time.nullable(),
    /** What happens next and when, in one line of facts. */
    next: z
      .object({
        kind: z.enum(["renews", "ends", "payment_due"]),
        at: time,
        /** Cents of a US dollar, before tax; `null` where nothing is charged. */
        amountCents: z.int().nullable(),
      })
      .nullable(),
    canManage: z.boolean(),
  })
  .meta({ id: "Subscription" });
export type Subscription = z.infer<typeof subscription>;

export const invoice = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    createdAt: time,
    status: z.enum(["draft", "open", "paid", "uncollectible", "void"]),
    totalCents: z.int(),
    currency: z.string(),
    url: z.string().nullable(),
    pdfUrl: z.string().nullable(),
  })
  .meta({ id: "Invoice" });
export type Invoice = z.infer<typeof invoice>;

const billing = { access: "member", tag: "Billing" } as const;
const redirect = z.object({ url: z.url() });

export const createCheckout = endpoint({
  ...billing,
  method: "POST",
  path: "/api/v1/billing/checkout",
  summary: "Start paying for a plan: the address of Stripe's payment page. 409 where the workspace already pays",
  body: z.object({ plan: z.enum(paidPlanIds) }),
  response: redirect,
});

export const createPortal = endpoint({
  ...billing,
  method: "POST",
  path: "/api/v1/billing/portal",
  summary: "The address of Stripe's page for changing or cancelling the plan, the card, and for invoices",
  body: z.object({ flow: z.enum(["home", "cancel", "switch", "card"]).default("home") }).default({ flow: "home" }),
  response: redirect,
});

export const getSubscription = endpoint({
  ...billing,
  method: "GET",
  path: "/api/v1/billing/subscription",
  summary: "Plan, status, period, scheduled cancellation, and what comes next",
  response: subscription,
});

export const refreshSubscription = endpoint({
  ...billing,
  method: "POST",
  path: "/api/v1/billing/refresh",
  summary: "Ask Stripe how things stand, for the page after payment; answers as the subscription endpoint does",
  response: subscription,
});

export const listInvoices = endpoint({
  ...billing,
  method: "GET",
  path: "/api/v1/billing/invoices",
  summary: "The workspace's invoices, newest first",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(24),
    cursor: z.string().max(200).optional(),
  }),
  response: z.object({ items: z.array(invoice), nextCursor: z.string().nullable() }),
});

export const receiveStripeEvent = endpoint({
  method: "POST",
  path: "/api/v1/billing/webhook",
  access: "signature",
  tag: "Billing",
  summary: "Stripe only: a signed event",
  response: z.object({ received: z.literal(true) }),
});
