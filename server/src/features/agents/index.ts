export { createAgent } from "./create-agent.ts";
export { findAgent } from "./present.ts";
export { agentsRoutes } from "./routes.ts";
