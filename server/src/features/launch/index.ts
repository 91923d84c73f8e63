export { makeAgeKeys } from "./age-keys.ts";
export { recordChecks } from "./check-launch.ts";
export { launchChecks, isReady, runChecks } from "./checks/index.ts";
export { queueFailedMail } from "./failed-mail.ts";
export { beginOperation, endOperation, lastOperations, recordOperation, unendedOperations } from "./operations.ts";
export { launchRoutes } from "./routes.ts";
export { serviceGauges } from "./service-gauges.ts";
export { vitalSigns } from "./vital-signs.ts";
