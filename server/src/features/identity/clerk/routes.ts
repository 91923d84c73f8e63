import type { FastifyInstance } from "fastify";
import { signedRoute } from "../../../http/signed-route.ts";
import { receiveEvent } from "./receive-event.ts";
import type { ClerkServices } from "./services.ts";

/** Clerk's way in, to tell of people and sessions; its documentation describes what it sends. */
export function clerkWebhook(app: FastifyInstance, services: ClerkServices): void {
  const route = { method: "POST", url: "/api/v1/identity/clerk-webhook", schema: { hide: true } } as const;
  signedRoute(app, route, async (body, sent) => {
    const headers = new Headers();
    for (const name of ["svix-id", "svix-timestamp", "svix-signature"]) headers.set(name, String(sent[name] ?? ""));
    await receiveEvent(services, body, headers);
  });
}
