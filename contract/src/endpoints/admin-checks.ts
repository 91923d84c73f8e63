import { z } from "zod";
import { endpoint, id, idParams } from "../endpoint.ts";
import { keptDecision } from "./decisions.ts";

export const customerDecision = keptDecision
  .extend({ customer: z.object({ id, name: z.string() }) })
  .meta({ id: "CustomerDecision" });
export type CustomerDecision = z.infer<typeof customerDecision>;

export const bookAudit = z
  .object({
    /** Where counters, answers, ledger and history do not agree; the first hundred. */
    differences: z.array(
      z.object({
        invariant: z.string(),
        workspaceId: id,
        /** The day, the start of the billing period, or the answer's id. */
        subject: z.string(),
        expected: z.number(),
        found: z.number(),
      }),
    ),
    differenceCount: z.int(),
    /** Answers in the ledger. */
    answers: z.int(),
    workspaces: z.int(),
    /** Rows that belong to no month's partition. */
    outsideMonths: z.int(),
  })
  .meta({ id: "BookAudit" });
export type BookAudit = z.infer<typeof bookAudit>;

const operator = { access: "operator", tag: "Operator" } as const;

export const getCustomerDecision = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/decisions/:id",
  summary: "One refusal of any customer, by the id that the 402 or 429 carried",
  params: idParams,
  response: customerDecision,
});

export const auditBooks = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/audit",
  summary: "Whether counters, answers, ledger and history agree, over everything at one moment; it only reads",
  response: bookAudit,
});
