export { countAgentCreated } from "./count-agent-created.ts";
export { tellCapMet, tellingNearLimit, tellNearCap, usageJobs } from "./limit-mail.ts";
export { usageRoutes } from "./routes.ts";
export { findDifferences, type Difference } from "./invariants.ts";
export { auditEverything, type Audit } from "./audit.ts";
