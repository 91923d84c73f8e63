import { z } from "zod";
import { endpoint, id } from "../endpoint.ts";
import { planIds } from "../plans.ts";
import { agentSummary, project } from "./agents.ts";

const counts = z.object({ agents: z.int(), projects: z.int() });

export const planFit = z
  .object({
    /** The plan that all this is about. */
    plan: z.enum(planIds),
    /** How many of each it keeps live; `null` is unlimited. */
    limits: z.object({ agents: z.int().nullable(), projects: z.int().nullable() }),
    /** How many of each are frozen, or would be on that plan. */
    frozen: counts,
    projects: z.array(project.pick({ id: true, name: true, frozen: true })),
    agents: z.array(
      agentSummary.pick({ id: true, projectId: true, name: true, who: true, lastUsedAt: true, frozen: true }),
    ),
  })
  .meta({ id: "PlanFit" });
export type PlanFit = z.infer<typeof planFit>;

const plans = { access: "member", tag: "Plan limits" } as const;
/** More than anybody has; only keeps the list from being endless. */
const ids = z.array(id).max(10_000);

export const getPlanFit = endpoint({
  ...plans,
  method: "GET",
  path: "/api/v1/plan-fit",
  summary: "Which agents and projects are frozen on the present plan, or would be on another",
  query: z.object({ plan: z.enum(planIds).optional() }),
  response: planFit,
});

export const putPlanFit = endpoint({
  ...plans,
  method: "PUT",
  path: "/api/v1/plan-fit",
  summary:
    "Choose the agents and projects that stay live; room that is left goes to those used last. With another `plan` nothing is frozen yet, and the choice is kept",
  body: z.object({ plan: z.enum(planIds).optional(), projects: ids, agents: ids }),
  response: planFit,
});
