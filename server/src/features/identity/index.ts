export { makeAuth, type Auth } from "./auth.ts";
export { makeSessions } from "./authenticate.ts";
export { authRoutes } from "./routes.ts";
