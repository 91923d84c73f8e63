import type { FastifyInstance } from "fastify";
import { clientAddressHeader, type Auth } from "./auth.ts";
import type { Sessions } from "./authenticate.ts";

/** Hands `/api/auth/*` to Better Auth, whose paths and bodies are its own (its documentation describes them). */
export function authRoutes(app: FastifyInstance, auth: Auth, sessions: Sessions): void {
  app.route({
    method: ["GET", "POST"],
    url: "/api/auth/*",
    schema: { hide: true },
    config: { access: "public" },
    handler: async (request, reply) => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) {
        if (typeof value === "string" && name !== "content-length") headers.set(name, value);
      }
      headers.set(clientAddressHeader, request.ip);
      const answer = await auth.handler(
        new Request(new URL(request.url, `http://${request.headers.host ?? "localhost"}`), {
          method: request.method,
          headers,
          ...(request.method === "POST" ? { body: JSON.stringify(request.body ?? {}) } : {}),
        }),
      );
      sessions.forget(request);
      reply.status(answer.status);
      for (const [name, value] of answer.headers) if (name !== "set-cookie") reply.header(name, value);
      // Several cookies are several headers; folding them into one would break them.
      for (const cookie of answer.headers.getSetCookie()) reply.header("set-cookie", cookie);
      return reply.send(answer.body === null ? null : Buffer.from(await answer.arrayBuffer()));
    },
  });
}
