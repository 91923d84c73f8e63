import { z } from "zod";
import type { Jobs } from "../../jobs/queue.ts";
import type { BillingServices } from "../billing/index.ts";
import { endDesertedPlan } from "./clerk/end-deserted-plan.ts";

const workspacePayload = z.object({ workspaceId: z.uuid() });

export const identityJobs = (billing: BillingServices): Jobs => ({
  tasks: {
    "identity-deserted": (input) => endDesertedPlan(billing, workspacePayload.parse(input).workspaceId),
  },
  crontab: "",
});
