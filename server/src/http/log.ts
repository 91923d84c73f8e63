import type { FastifyInstance } from "fastify";

/** One line per request when it ends: what was asked, how it went, how long it took. No contents, cookies or queries. */
export function useRequestLog(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    if (request.routeOptions.logLevel === "silent") return;
    request.log.info(
      {
        method: request.method,
        // The pattern, not the address: ids are not needed to see what is slow, and queries may hold tokens.
        route: request.routeOptions.url ?? "unknown",
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      "request",
    );
  });
}
