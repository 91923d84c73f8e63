export { chatJobs } from "./jobs.ts";
export { chatRoutes } from "./routes.ts";
export { startChat } from "./start-chat.ts";
