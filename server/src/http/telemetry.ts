import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Telemetry } from "../telemetry.ts";

const probes = new Set(["/livez", "/readyz", "/health"]);

/** What kind of route it is: few enough that each can have a line of its own in every picture. */
function routeClassOf({ method, routeOptions: { url, config } }: FastifyRequest): string {
  if (url === undefined) return "nothing";
  if (config.access === "signature") return "webhook";
  if (config.access === "operator") return "operator";
  if (url.startsWith("/api/auth/")) return "sign_in";
  if (method === "POST" && (url === "/api/v1/agents/:id/messages" || url === "/api/v1/agents/preview")) return "answer";
  return url.startsWith("/api/") ? "api" : "page";
}

/** Measures every request but the probes' from its first hook to its last byte. */
export function useTelemetry(app: FastifyInstance, telemetry: Telemetry): void {
  const running = new WeakMap<FastifyRequest, ReturnType<Telemetry["request"]>>();
  app.addHook("onRequest", (request, _reply, done) => {
    const { url = "none" } = request.routeOptions;
    if (probes.has(url)) return done();
    const about = { route: url, method: request.method, routeClass: routeClassOf(request) };
    // Set before `done` runs the rest of the request, which may end it at once.
    let end: ReturnType<Telemetry["request"]> = () => {};
    running.set(request, (status, seconds) => end(status, seconds));
    end = telemetry.request(about, done);
  });
  app.addHook("onResponse", async (request, reply) => {
    running.get(request)?.(reply.statusCode, reply.elapsedTime / 1_000);
  });
}
