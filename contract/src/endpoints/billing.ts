import { z } from "zod";
import { endpoint, micros, pageQuery, time } from "../endpoint.ts";
import { billingIntervals, planIds } from "../plans.ts";

export const paidPlanIds = ["pro", "team"] as const;

/** What can happen to a paid plan that its people should read of afterwards. */
export const billingTurns = [
  "ended",
  "ended_unpaid",
  "paid_again",
  "refunded",
  "paid_twice",
  "disputed",
  "dispute_won",
  "dispute_lost",
] as const;

export const subscription = z
  .object({
    plan: z.enum(planIds),
    /** What is subscribed to: more than `plan` where a payment stayed open; `null` where nothing runs. */
    subscribedTo: z.enum(paidPlanIds).nullable(),
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
    /** How often it is charged; `null` where the workspace never paid. */
    interval: z.enum(billingIntervals).nullable(),
    periodStart: time.nullable(),
    periodEnd: time.nullable(),
    /** When the plan ends by a cancellation that can still be undone. */
    cancelAt: time.nullable(),
    /** What happens next and when, in one line of facts. */
    next: z
      .object({
        kind: z.enum(["renews", "ends", "payment_due"]),
        at: time,
        /** Cents of a US dollar: of a renewal, before tax; of an open payment, what is due. `null` where nothing is. */
        amountCents: z.int().nullable(),
      })
      .nullable(),
    /** The payment that failed and is still open; `null` where all is paid. */
    pastDue: z
      .object({
        /** When it failed first. */
        since: time,
        /** The end of the days of grace: the plan falls to Free then, unless it is paid. */
        endsAt: time,
        /** What is due, in cents, tax included; `null` where Stripe does not ask for it any more. */
        amountCents: z.int().nullable(),
        /** Stripe's page where it can be paid. */
        invoiceUrl: z.string().nullable(),
      })
      .nullable(),
    canManage: z.boolean(),
    /** What happened lately beside what was asked for, newest first. */
    happened: z.array(
      z.object({
        what: z.enum(billingTurns),
        /** When we heard of it. */
        at: time,
        plan: z.enum(paidPlanIds).nullable(),
        amountCents: z.int().nullable(),
      }),
    ),
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

export const switchPreview = z
  .object({
    plan: z.enum(paidPlanIds),
    interval: z.enum(billingIntervals),
    /** What the amount due now is made of; unused time of the plan so far is negative. */
    lines: z.array(z.object({ description: z.string(), amountCents: z.int(), proration: z.boolean() })),
    /** Charged when the switch is agreed to, in cents, tax included. Never negative: see `creditCents`. */
    totalCents: z.int().min(0),
    /** What stays in favour of the workspace and lowers its next invoices, in cents. */
    creditCents: z.int().min(0),
    /** What each renewal costs from then on, in cents, before tax. */
    nextCents: z.int(),
    nextAt: time,
    /** The price that is paid now, as the payment service names it. */
    fromPrice: z.string().max(255).regex(/^\w+$/),
    /** The moment that the amounts are computed for; they change by the second. */
    prorationDate: time,
  })
  .meta({ id: "SwitchPreview" });
export type SwitchPreview = z.infer<typeof switchPreview>;

export const aiUsageReport = z
  .object({
    /** Micro-dollars of answers with our AI key on a paid plan, since ever. Each step below follows the one before. */
    recordedMicros: micros,
    /** Told to the payment service. */
    reportedMicros: micros,
    /** What the payment service says that it has. */
    acceptedMicros: micros,
    /** On final invoices, where each line is rounded to whole cents. */
    invoicedMicros: micros,
    /** What is not on an invoice yet. */
    nextInvoiceMicros: micros,
    /** When it will be; `null` where no plan runs. */
    nextInvoiceAt: time.nullable(),
    lastReportedAt: time.nullable(),
  })
  .meta({ id: "AiUsage" });
export type AiUsage = z.infer<typeof aiUsageReport>;

const billing = { access: "member", tag: "Billing" } as const;
const redirect = z.object({ url: z.url() });
const choice = z.object({ plan: z.enum(paidPlanIds), interval: z.enum(billingIntervals).default("month") });

export const createCheckout = endpoint({
  ...billing,
  repeats: "outside",
  method: "POST",
  path: "/api/v1/billing/checkout",
  summary: "Start paying for a plan: the address of Stripe's payment page. 409 where the workspace already pays",
  body: choice,
  response: redirect,
});

export const previewSwitch = endpoint({
  ...billing,
  repeats: "harmless",
  method: "POST",
  path: "/api/v1/billing/preview",
  summary: "What switching to a plan would cost now and then, as Stripe computes it; nothing is changed",
  body: choice,
  response: switchPreview,
});

export const switchPlan = endpoint({
  ...billing,
  repeats: "outside",
  method: "POST",
  path: "/api/v1/billing/switch",
  summary:
    "Switch the plan; the difference is charged at once, and what cannot be paid changes nothing (402 payment_failed)",
  // As the preview that was agreed to showed it. After an hour, or where more would be charged: 409 `amounts_outdated`.
  body: choice.extend(
    switchPreview.pick({ fromPrice: true, totalCents: true, creditCents: true, prorationDate: true }).shape,
  ),
  response: redirect,
});

export const cancelPlan = endpoint({
  ...billing,
  repeats: "outside",
  method: "POST",
  path: "/api/v1/billing/cancel",
  summary: "End the plan at once, without money back; at the period's end it is cancelled in the portal",
  body: z.object({ when: z.literal("now") }),
  response: subscription,
});

export const resumePlan = endpoint({
  ...billing,
  repeats: "outside",
  method: "POST",
  path: "/api/v1/billing/resume",
  summary: "Take back that the plan ends with its period; nothing changes where it goes on anyway",
  response: subscription,
});

export const createPortal = endpoint({
  ...billing,
  repeats: "outside",
  method: "POST",
  path: "/api/v1/billing/portal",
  summary: "The address of Stripe's page for changing or cancelling the plan, the card, and for invoices",
  body: z.object({ flow: z.enum(["home", "cancel", "card"]).default("home") }).default({ flow: "home" }),
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
  repeats: "harmless",
  method: "POST",
  path: "/api/v1/billing/refresh",
  summary: "Ask Stripe how things stand, for the page after payment; answers as the subscription endpoint does",
  response: subscription,
});

export const getAiUsage = endpoint({
  ...billing,
  method: "GET",
  path: "/api/v1/billing/ai-usage",
  summary: "What AI with our key comes to, passed on at cost, and how far it is on its way to an invoice",
  response: aiUsageReport,
});

export const listInvoices = endpoint({
  ...billing,
  method: "GET",
  path: "/api/v1/billing/invoices",
  summary: "The workspace's invoices, newest first",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(24),
    cursor: pageQuery.shape.cursor,
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
