export { analyticsRoutes } from "./routes.ts";
export { analyticsJobs } from "./tell-analytics.ts";
