export { chatJobs } from "./jobs.ts";
export { chatRoutes } from "./routes.ts";
export { startChat, type Chat } from "./start-chat.ts";
export type { ChatServices } from "./types.ts";
