import type { FastifyInstance } from "fastify";
import { authRoutes } from "./better-auth/routes.ts";
import { clerkWebhook } from "./clerk/routes.ts";
import type { Identity } from "./identity.ts";

/** The endpoints of whoever signs people in; those of the other do not exist. */
export function identityRoutes(app: FastifyInstance, { auth, clerk, sessions }: Identity): void {
  if (clerk === null) authRoutes(app, auth, sessions);
  else clerkWebhook(app, clerk);
}
