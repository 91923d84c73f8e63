export { countAgentCreated } from "./count-agent-created.ts";
export { usageRoutes } from "./routes.ts";
