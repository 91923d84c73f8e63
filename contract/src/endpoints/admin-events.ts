import { z } from "zod";
import { endpoint, id, idParams, line, pageOf, pageQuery, time } from "../endpoint.ts";

export const billingEventStates = ["all", "failed", "waiting"] as const;

export const billingEvent = z
  .object({
    id,
    stripeEventId: z.string(),
    type: z.string(),
    stripeCustomerId: z.string().nullable(),
    /** Whose it is, where the customer is one of ours. */
    customer: z.object({ id, name: z.string() }).nullable(),
    receivedAt: time,
    processedAt: time.nullable(),
    attempts: z.int(),
    /** Why the last attempt failed. */
    error: z.string().nullable(),
  })
  .meta({ id: "BillingEvent" });
export type BillingEvent = z.infer<typeof billingEvent>;

export const billingEventDetail = billingEvent.extend({ payload: z.unknown() }).meta({ id: "BillingEventDetail" });

export const billingDifference = z
  .object({
    id,
    customer: z.object({ id, name: z.string() }),
    /** `state`: plan or subscription were not as in Stripe; `event`: Stripe could not deliver an event. */
    kind: z.enum(["state", "event"]),
    foundAt: time,
    /** Found again since, where it could not be repaired at once. */
    lastSeenAt: time,
    repairedAt: time.nullable(),
    /** What differed: field → what we had (`from`) and what Stripe has (`to`); of an event its id and type. */
    data: z.record(z.string(), z.unknown()),
    /** Why it could not be repaired. */
    error: z.string().nullable(),
  })
  .meta({ id: "BillingDifference" });
export type BillingDifference = z.infer<typeof billingDifference>;

export const reconciliation = z
  .object({
    id,
    startedAt: time,
    /** `null` while it runs, or waits to. */
    finishedAt: time.nullable(),
    /** Events that Stripe could not deliver and that were taken in. */
    recovered: z.int(),
    checked: z.int(),
    repaired: z.int(),
    failed: z.int(),
    /** Why it ended before its end. */
    error: z.string().nullable(),
  })
  .meta({ id: "Reconciliation" });
export type Reconciliation = z.infer<typeof reconciliation>;

const operator = { access: "operator", tag: "Operator" } as const;

export const listBillingEvents = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/events",
  summary: "What Stripe sent, newest first",
  query: pageQuery.extend({
    state: z.enum(billingEventStates).default("all"),
    type: line(100).optional(),
    customer: line(100).optional(),
  }),
  response: pageOf(billingEvent),
});

export const getBillingEvent = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/events/:id",
  summary: "One event with its payload",
  params: idParams,
  response: billingEventDetail,
});

export const replayBillingEvent = endpoint({
  ...operator,
  repeats: "outside",
  method: "POST",
  path: "/api/v1/admin/events/:id/replay",
  summary: "Work on an event once more; done already, it changes nothing",
  params: idParams,
  response: billingEvent,
});

export const listBillingDifferences = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/differences",
  summary: "What differed from Stripe when it was compared, newest first",
  query: pageQuery.extend({ state: z.enum(["all", "open"]).default("all") }),
  response: pageOf(billingDifference),
});

export const getReconciliation = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/reconciliation",
  summary: "The newest comparison with Stripe; `null` before the first",
  response: z.object({ latest: reconciliation.nullable() }),
});

export const startReconciliation = endpoint({
  ...operator,
  repeats: "outside",
  method: "POST",
  path: "/api/v1/admin/reconciliation",
  summary: "Compare every customer with Stripe now; one that runs or waits already is answered instead",
  response: reconciliation,
});
