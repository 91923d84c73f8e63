import type { Config as PublicConfig } from "@charlie/contract";
import type { Config } from "../../config.ts";
import type { Database } from "../../db/client.ts";
import { makeClerk } from "../../integrations/clerk/index.ts";
import type { Log } from "../../log.ts";
import { makeAuth, type Auth } from "./better-auth/auth.ts";
import { betterAuthDoor } from "./better-auth/door.ts";
import { clerkDoor } from "./clerk/door.ts";
import type { ClerkServices } from "./clerk/services.ts";
import { makeSessions, type Sessions } from "./sessions.ts";

/** Who signs people in: Better Auth on our own tables, or Clerk where its keys are set. */
export type Identity = {
  sessions: Sessions;
  /** What the pages are told of it. */
  told: Pick<PublicConfig, "signIn" | "clerkPublishableKey">;
} & ({ auth: Auth; clerk: null } | { auth: null; clerk: ClerkServices });

export interface IdentityDeps {
  config: Config;
  db: Database;
  /** The address people type. */
  publicUrl: string;
  /** Signs Better Auth's cookies. */
  secret: string;
  log: Log;
}

export function makeIdentity({ config, db, publicUrl, secret, log }: IdentityDeps): Identity {
  const { CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY, CLERK_JWT_KEY, CLERK_WEBHOOK_SECRET, CLERK_API_URL } = config;
  // All three or none: settings.ts sees to it.
  if (CLERK_SECRET_KEY === undefined || CLERK_PUBLISHABLE_KEY === undefined || CLERK_JWT_KEY === undefined) {
    const auth = makeAuth({ db, publicUrl, secret, log });
    const told = { signIn: "better-auth", clerkPublishableKey: null } as const;
    return { sessions: makeSessions(betterAuthDoor(auth, db), db), told, auth, clerk: null };
  }
  const clerk = makeClerk({
    secretKey: CLERK_SECRET_KEY,
    publishableKey: CLERK_PUBLISHABLE_KEY,
    jwtKey: CLERK_JWT_KEY,
    webhookSecrets: CLERK_WEBHOOK_SECRET?.split(",").map((each) => each.trim()) ?? [],
    origin: new URL(publicUrl).origin,
    apiUrl: CLERK_API_URL,
  });
  const services = { clerk, db, publicUrl, log };
  const told = { signIn: "clerk", clerkPublishableKey: CLERK_PUBLISHABLE_KEY } as const;
  return { sessions: makeSessions(clerkDoor(services), db), told, auth: null, clerk: services };
}
