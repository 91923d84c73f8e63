import { z } from "zod";
import { id, micros, time } from "./endpoint.ts";
import { limitIds, planIds } from "./plans.ts";

/** Limits on requests in a minute, counted for the whole workspace. */
export const rateLimitIds = ["requestsPerMinute", "questionsPerMinute", "previewsPerMinute"] as const;
export type RateLimitId = (typeof rateLimitIds)[number];

/** Everything that can say no: the plan's limits, the cap on what AI costs, and rates. */
export const decisionLimits = [...limitIds, "aiSpend", ...rateLimitIds] as const;
export type DecisionLimit = (typeof decisionLimits)[number];

/** What would have let it through. */
export const helps = ["wait", "delete_one", "raise_cap", "own_key", "upgrade"] as const;
export type Help = (typeof helps)[number];

/** Why a limit said no, in enough detail to show an upgrade dialogue, and an id under which it can be looked up. */
export const decision = z
  .object({
    id,
    limit: z.enum(decisionLimits),
    plan: z.enum(planIds),
    /** The count at that moment; of `aiSpend` micro-dollars, without what running answers hold. */
    used: z.int(),
    allowed: z.int(),
    /** When the count starts anew; `null` for limits that do not reset. */
    resetsAt: time.nullable(),
    /** What the next plan would allow and cost; `null` where no plan allows more. */
    next: z
      .object({ plan: z.enum(planIds), name: z.string(), allowed: z.int().nullable(), monthlyCents: z.int() })
      .nullable(),
    /** Only of `aiSpend`. */
    spend: z
      .object({
        /** Held for answers that were running. */
        heldMicros: micros,
        /** What this answer could have cost at most. */
        neededMicros: micros,
      })
      .nullable(),
    helps: z.array(z.enum(helps)),
  })
  .meta({ id: "Decision" });
export type Decision = z.infer<typeof decision>;

/** RFC 9457 problem details with a stable `code`. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string().optional(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    decision: decision.optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problem>;
