export { findAgent } from "./present.ts";
export { agentsRoutes } from "./routes.ts";
