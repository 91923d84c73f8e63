import type { FastifyInstance } from "fastify";
import { clientAddressHeader, type Auth } from "./auth.ts";
import { authInput, linkInput } from "./auth-input.ts";
import type { Sessions } from "../sessions.ts";
import { refusalOf } from "./refusal.ts";

/** What of Better Auth is used; its other paths do not exist here. */
const paths = {
  GET: ["get-session", "verify-email"],
  POST: [
    "sign-up/email",
    "sign-in/email",
    "sign-out",
    "request-password-reset",
    "reset-password",
    "send-verification-email",
  ],
} as const;

/** Hands `/api/auth/…` to Better Auth, whose paths and bodies are its own (its documentation describes them). */
export function authRoutes(app: FastifyInstance, auth: Auth, sessions: Sessions): void {
  for (const method of ["GET", "POST"] as const) {
    for (const path of paths[method]) {
      app.route({
        method,
        url: `/api/auth/${path}`,
        schema: { hide: true, ...(method === "POST" ? { body: authInput } : { querystring: linkInput }) },
        config: { access: "public" },
        handler: async (request, reply) => {
          const { cookie, "user-agent": agent } = request.headers;
          const headers = new Headers({ [clientAddressHeader]: request.ip, "content-type": "application/json" });
          if (cookie !== undefined) headers.set("cookie", cookie);
          if (agent !== undefined) headers.set("user-agent", agent.slice(0, 500));
          // Only the path matters: where we are is told to Better Auth once, at start, and where a link leads on to is
          // ours to say. Nothing else of the address as it was written is passed on.
          const address = new URL(`/api/auth/${path}`, "http://localhost");
          if (path === "verify-email") {
            address.searchParams.set("token", linkInput.parse(request.query).token ?? "");
            address.searchParams.set("callbackURL", "/address-confirmed");
          }
          const answer = await auth.handler(
            new Request(address, {
              method,
              headers,
              ...(method === "POST" ? { body: JSON.stringify(request.body ?? {}) } : {}),
            }),
          );
          sessions.forget(request);
          if (path === "reset-password") sessions.forgetAll();
          for (const [name, value] of answer.headers) {
            if (name !== "set-cookie" && name !== "content-length") reply.header(name, value);
          }
          // Several cookies are several headers; folding them into one would break them.
          for (const one of answer.headers.getSetCookie()) reply.header("set-cookie", one);
          if (answer.status >= 400) throw refusalOf(answer.status, await answer.json().catch(() => null));
          return reply
            .status(answer.status)
            .send(answer.body === null ? null : Buffer.from(await answer.arrayBuffer()));
        },
      });
    }
  }
}
