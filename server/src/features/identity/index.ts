export { makeAuth, type Auth } from "./auth.ts";
export { makeSessions, type Sessions } from "./authenticate.ts";
export { authRoutes } from "./routes.ts";
