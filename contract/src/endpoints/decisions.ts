import { z } from "zod";
import { endpoint, idParams, pageOf, pageQuery, time } from "../endpoint.ts";
import { decision } from "../problem.ts";

/** A "no" as it is kept: the decision, what had been asked, and when. */
export const keptDecision = decision
  .extend({
    status: z.literal([402, 429]),
    /** What was asked, in a few words. */
    asked: z.string(),
    /** The sentence that the answer carried. */
    detail: z.string(),
    createdAt: time,
  })
  .meta({ id: "KeptDecision" });
export type KeptDecision = z.infer<typeof keptDecision>;

const decisions = { access: "member", tag: "Usage" } as const;

export const listDecisions = endpoint({
  ...decisions,
  method: "GET",
  path: "/api/v1/decisions",
  summary:
    "What was refused with 402 or 429 and why, newest first, for 90 days. Of rates, one for each limit and minute",
  query: pageQuery,
  response: pageOf(keptDecision),
});

export const getDecision = endpoint({
  ...decisions,
  method: "GET",
  path: "/api/v1/decisions/:id",
  summary: "One refusal, by the id that the 402 or 429 carried",
  params: idParams,
  response: keptDecision,
});
