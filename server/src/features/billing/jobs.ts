import { z } from "zod";
import type { Jobs } from "../../jobs/queue.ts";
import { processEvent } from "./process-event.ts";
import { queueEvents } from "./queue-events.ts";
import { reportAllUsage } from "./report-all-usage.ts";
import { reportUsage } from "./report-usage.ts";
import { runReconciliation } from "./run-reconciliation.ts";
import type { BillingServices } from "./services.ts";
import { syncSubscription } from "./sync-subscription.ts";

const eventPayload = z.object({ id: z.uuid() });
const workspacePayload = z.object({ workspaceId: z.uuid() });
/** The timetable names none. */
const reconcilePayload = z.object({ id: z.uuid().optional() });

export const billingJobs = (services: BillingServices): Jobs => ({
  tasks: {
    "billing-event": (input) => processEvent(services, eventPayload.parse(input).id),
    "billing-events": () => queueEvents(services.db),
    "billing-grace": async (input) =>
      void (await syncSubscription(services, workspacePayload.parse(input).workspaceId, "grace")),
    "billing-reconcile": (input) => runReconciliation(services, reconcilePayload.parse(input).id),
    "billing-usage": (input) => reportUsage(services, workspacePayload.parse(input).workspaceId),
    "billing-usage-all": () => reportAllUsage(services),
  },
  // Each minute what a server that died did not queue. Hourly, and not at the full hour, when everybody else asks Stripe too.
  crontab: "* * * * * billing-events\n17 * * * * billing-reconcile\n43 * * * * billing-usage-all",
});
