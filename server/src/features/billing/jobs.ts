import { z } from "zod";
import type { Jobs } from "../../jobs/queue.ts";
import { processEvent } from "./process-event.ts";
import type { BillingServices } from "./services.ts";
import { syncSubscription } from "./sync-subscription.ts";

const eventPayload = z.object({ id: z.uuid() });
const syncPayload = z.object({ workspaceId: z.uuid() });

export const billingJobs = (services: BillingServices): Jobs => ({
  tasks: {
    "billing-event": (input) => processEvent(services, eventPayload.parse(input).id),
    "billing-sync": async (input) => void (await syncSubscription(services, syncPayload.parse(input).workspaceId)),
  },
  crontab: "",
});
