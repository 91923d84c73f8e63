export type { Auth } from "./better-auth/auth.ts";
export { makeIdentity } from "./identity.ts";
export { identityJobs } from "./jobs.ts";
export { identityRoutes } from "./routes.ts";
