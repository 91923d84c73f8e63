export { billingJobs } from "./jobs.ts";
export { syncedEvents } from "./process-event.ts";
export { billingRoutes } from "./routes.ts";
export { makeBillingServices, type BillingServices, type StripeParts } from "./services.ts";
export { syncSubscription } from "./sync-subscription.ts";
export { billingWebhook } from "./webhook.ts";
