export { cancelPlan } from "./cancel-plan.ts";
export { workedEvents } from "./event-kinds.ts";
export { billingJobs } from "./jobs.ts";
export { listInvoices } from "./list-invoices.ts";
export { billingRoutes, billingWebhook } from "./routes.ts";
export { eventKey } from "./queue-events.ts";
export { makeBillingServices, type BillingServices } from "./services.ts";
export { usageReportOf } from "./usage-report-view.ts";
export { syncSubscription } from "./sync-subscription.ts";
