import { z } from "zod";
import { id, time } from "./endpoint.ts";
import { limitIds, planIds } from "./plans.ts";

/** Why a limit said no, in enough detail to show an upgrade dialogue, and an id that finds it again in the log. */
export const decision = z
  .object({
    id,
    limit: z.enum(limitIds),
    plan: z.enum(planIds),
    used: z.int(),
    allowed: z.int(),
    /** When the count starts anew; `null` for limits that do not reset. */
    resetsAt: time.nullable(),
    /** What the next plan would allow and cost; `null` where no plan allows more. */
    next: z
      .object({ plan: z.enum(planIds), name: z.string(), allowed: z.int().nullable(), monthlyCents: z.int() })
      .nullable(),
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
