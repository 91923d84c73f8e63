import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClerkClient, verifyToken } from "@clerk/backend";
import { isClerkAPIResponseError } from "@clerk/backend/errors";
import { verifyWebhook } from "@clerk/backend/webhooks";
import { z } from "zod";
import { addressOf, clerkId, lineOf, readPerson, type ClerkPerson } from "./person.ts";

export interface ClerkOptions {
  secretKey: string;
  publishableKey: string;
  /** PEM. With it tokens are verified here, and nobody is asked. */
  jwtKey: string;
  webhookSecrets: string[];
  /** The only pages whose tokens are taken. */
  origin: string;
  apiUrl?: string | undefined;
}

export interface ClerkClaims {
  clerkId: string;
  sessionId: string;
  /** When the token runs out, in ms since the epoch. */
  expiresAt: number;
  /** The person, where the token tells of address and confirmation (a setting of Clerk's); else `null`. */
  person: ClerkPerson | null;
}

export interface Clerk {
  /** The cookies that may hold a token, the likeliest first: several applications on one host have one each. */
  cookies: readonly string[];
  /** What a session token says; `null` for one that is forged, of another page, not valid yet or no more. */
  verify(token: string, skewMs?: number): Promise<ClerkClaims | null>;
  /** What a webhook sent; `undefined` where none of the secrets fits. */
  open(body: Buffer, headers: Headers): Promise<unknown>;
  /** Asks Clerk's API for a person; `null` where there is none. Throws what went wrong on the way. */
  fetchPerson(clerkId: string): Promise<ClerkPerson | null>;
}

/** How far Clerk's clock and ours may be apart, ms. */
const clockSkewMs = 5_000;
const apiPatienceMs = 5_000;

/**
 * Only tokens of a session have `sid`: those of JWT templates are for other services, may live long, and sign nobody in
 * here. `sts: "pending"`: signed in, but something is still asked of them (clerk.com/docs/guides/sessions/session-tokens).
 */
const claims = z.object({
  sub: clerkId,
  sid: clerkId,
  exp: z.number(),
  sts: z.literal("active").optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
});

export function makeClerk({ secretKey, publishableKey, jwtKey, webhookSecrets, origin, apiUrl }: ClerkOptions): Clerk {
  const api = createClerkClient({
    secretKey,
    publishableKey,
    telemetry: { disabled: true },
    ...(apiUrl === undefined ? {} : { apiUrl }),
  });
  const suffix = createHash("sha1").update(publishableKey).digest("base64url").slice(0, 8);

  return {
    cookies: [`__session_${suffix}`, "__session"],

    verify: async (token, skewMs = clockSkewMs) => {
      let payload: unknown;
      try {
        payload = await verifyToken(token, { jwtKey, authorizedParties: [origin], clockSkewInMs: skewMs });
      } catch {
        // Whatever is wrong with it: it is not one of ours.
        return null;
      }
      const read = claims.safeParse(payload);
      if (!read.success) return null;
      const { sub, sid, exp, email, email_verified: emailVerified, name } = read.data;
      const told = { clerkId: sub, name: lineOf(name), email: addressOf(email), image: null, toldAt: 0 };
      return {
        clerkId: sub,
        sessionId: sid,
        expiresAt: exp * 1_000,
        person: told.email === null || emailVerified === undefined ? null : { ...told, emailVerified },
      };
    },

    open: async (body, headers) => {
      for (const signingSecret of webhookSecrets) {
        const request = new Request("http://localhost", { method: "POST", headers, body: new Uint8Array(body) });
        try {
          return await verifyWebhook(request, { signingSecret });
        } catch {
          // The next secret may fit. Further than five minutes from our clock fits none.
        }
      }
      return undefined;
    },

    fetchPerson: async (id) => {
      const late = sleep(apiPatienceMs, undefined, { ref: false }).then(() => {
        throw new Error("Clerk's API did not answer in time");
      });
      try {
        return readPerson((await Promise.race([api.users.getUser(id), late])).raw);
      } catch (error) {
        if (isClerkAPIResponseError(error) && error.status === 404) return null;
        throw error;
      }
    },
  };
}
