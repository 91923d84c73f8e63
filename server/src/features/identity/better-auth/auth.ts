import { randomUUIDv7 } from "node:crypto";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { drizzle } from "drizzle-orm/node-postgres";
import type { Database } from "../../../db/client.ts";
import { asOperator } from "../../../db/client.ts";
import * as tables from "../../../db/schema/identity.ts";
import type { Log } from "../../../log.ts";
import { confirmAddressMail, queueAskedMail, queueMail, resetPasswordMail, welcomeMail } from "../../mail/index.ts";
import { ensureWorkspace } from "../../workspaces/index.ts";

export interface IdentityServices {
  db: Database;
  /** The address people type; its scheme decides about secure cookies. */
  publicUrl: string;
  /** Signs cookies and tokens. */
  secret: string;
  log: Log;
}

/** The header in which http tells Better Auth the client's address; whatever a client sends in it is overwritten. */
export const clientAddressHeader = "x-charlie-client-address";

const minute = 60;

/**
 * Better Auth on our own tables: e-mail and password, sessions of 30 days, mails through the outbox.
 * Its own rate limits are off: http/rates.ts limits sign-in by address and account on any number of servers.
 */
export function makeAuth({ db, publicUrl, secret, log }: IdentityServices) {
  const secure = publicUrl.startsWith("https:");
  const name = (cookie: string) => ({ name: `${secure ? "__Host-" : ""}charlie.${cookie}` });
  return betterAuth({
    baseURL: publicUrl,
    basePath: "/api/auth",
    secret,
    database: drizzleAdapter(drizzle({ client: db.operator }), {
      provider: "pg",
      transaction: true,
      schema: {
        user: tables.users,
        session: tables.sessions,
        account: tables.accounts,
        verification: tables.verifications,
      },
    }),
    trustedOrigins: [publicUrl],
    // What breaks is thrown to our own error handler; its own words go where nobody reads them by default, as they may
    // quote what was sent.
    onAPIError: { throw: true },
    logger: { log: (level, message) => log.debug({ level }, message) },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      autoSignIn: true,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 60 * minute,
      sendResetPassword: async ({ user, token }) => {
        const url = `${publicUrl}/reset-password?token=${encodeURIComponent(token)}`;
        await asOperator(db, (tx) =>
          queueAskedMail(tx, {
            dedupeKey: `reset:${token}`,
            to: user.email,
            ...resetPasswordMail({ name: user.name, url }),
          }),
        );
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      autoSignInAfterVerification: false,
      expiresIn: 24 * 60 * minute,
      afterEmailVerification: async ({ id, email, name: called }) => {
        const letter = welcomeMail({ name: called, url: `${publicUrl}/home` });
        await asOperator(db, (tx) => queueMail(tx, { dedupeKey: `welcome:${id}`, to: email, ...letter }));
      },
      sendVerificationEmail: async ({ user, token }) => {
        const url = `${publicUrl}/api/auth/verify-email?token=${encodeURIComponent(token)}`;
        await asOperator(db, (tx) =>
          queueAskedMail(tx, {
            dedupeKey: `confirm:${token}`,
            to: user.email,
            ...confirmAddressMail({ name: user.name, url }),
          }),
        );
      },
    },
    session: { expiresIn: 30 * 24 * 60 * minute, updateAge: 24 * 60 * minute },
    user: { deleteUser: { enabled: false }, changeEmail: { enabled: false } },
    databaseHooks: {
      user: { create: { after: async (user) => void (await ensureWorkspace(db, user)) } },
    },
    advanced: {
      cookiePrefix: "charlie",
      // The __Host- prefix below is stricter than Better Auth's __Secure-.
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, secure, sameSite: "lax", path: "/" },
      cookies: {
        session_token: name("session"),
        dont_remember: name("dont-remember"),
        session_data: name("session-data"),
      },
      database: { generateId: () => randomUUIDv7() },
      // By default these are off under tests, where they would be least missed. http/security.ts refuses other origins.
      disableOriginCheck: false,
      disableCSRFCheck: true,
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
  });
}

export type Auth = ReturnType<typeof makeAuth>;
