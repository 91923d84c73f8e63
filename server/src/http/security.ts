import { randomBytes } from "node:crypto";
import helmet from "@fastify/helmet";
import type { Access } from "@charlie/contract";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError, forbidden } from "../errors.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The nonce that this response's scripts and styles carry. */
    nonce: string;
  }
  interface FastifyContextConfig {
    access?: Access;
  }
}

const changing = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** This machine's own names: no other website can be made to answer under them. */
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

const isLoopback = (host: string): boolean => loopback.has(URL.parse(`http://${host}`)?.hostname ?? "");

/** Whether a page of this machine at our own port sent it. */
function fromThisMachine(origin: string, port: number | undefined): boolean {
  const from = URL.parse(origin);
  return from?.protocol === "http:" && loopback.has(from.hostname) && Number(from.port || 80) === port;
}

/** Whether a browser sent this from one of our own pages, or it was no browser at all (those send no Origin). */
function sameOrigin(request: FastifyRequest, publicOrigin: string, atDesk: boolean): boolean {
  const { origin } = request.headers;
  if (origin === undefined) {
    const site = request.headers["sec-fetch-site"];
    return site === undefined || site === "same-origin" || site === "none";
  }
  return origin === publicOrigin || (atDesk && fromThisMachine(origin, request.socket.localPort));
}

/**
 * Headers that every answer carries, a nonce per request, and the refusal of changes that another site's page asks
 * for with our visitor's cookie (CSRF). Stripe's signed webhook needs no origin. At somebody's desk everybody's mail
 * lies open, so there a name that another website made to lead here (DNS rebinding) is refused too. Pages send
 * to no other address than Clerk's and `reportsTo`, where their errors are reported.
 */
export async function useSecurity(
  app: FastifyInstance,
  {
    publicUrl,
    atDesk,
    clerkHost,
    reportsTo,
  }: { publicUrl: string; atDesk: boolean; clerkHost: string | null; reportsTo: string | undefined },
): Promise<void> {
  const { origin, protocol, host: publicHost } = new URL(publicUrl);
  const upgrade = protocol === "https:" ? ["upgrade-insecure-requests"] : [];
  await app.register(helmet, {
    // Ours is made below: it carries the request's nonce, which helmet cannot see.
    contentSecurityPolicy: false,
    // Two years, as Mozilla's intermediate profile has it; only where we are reached by TLS.
    hsts: protocol === "https:" ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
    crossOriginEmbedderPolicy: false,
  });
  // What Clerk's own pages ask for (clerk.com/docs/guides/secure/best-practices/csp-headers): its interface, people's
  // pictures, a worker that renews tokens, and the question whether one is a human. Its scripts come with our nonce.
  const clerk =
    clerkHost === null ? [] : ["worker-src 'self' blob:", "frame-src 'self' https://challenges.cloudflare.com"];
  const elsewhere = [
    ...(clerkHost === null ? [] : [`https://${clerkHost}`]),
    ...(reportsTo === undefined ? [] : [new URL(reportsTo).origin]),
  ];
  const connect = elsewhere.length === 0 ? [] : [`connect-src 'self' ${elsewhere.join(" ")}`];
  const policyWith = (nonce: string): string =>
    [
      "default-src 'self'",
      ...connect,
      `script-src 'nonce-${nonce}' 'strict-dynamic'`,
      `style-src 'self' 'nonce-${nonce}'`,
      // Prerendered elements carry style attributes.
      "style-src-attr 'unsafe-inline'",
      `img-src 'self' data:${clerkHost === null ? "" : " https://img.clerk.com"}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      ...clerk,
      ...upgrade,
    ].join("; ");
  app.decorateRequest("nonce", "");
  app.addHook("onRequest", async (request, reply) => {
    request.nonce = randomBytes(16).toString("base64");
    // Before anything is refused, and before a stream takes the reply: both carry them too. A page may have a policy of
    // its own.
    reply.header("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()");
    reply.header("content-security-policy", policyWith(request.nonce));
    // What is somebody's own stays in no cache on the way: Cloudflare keeps a .csv unless it is told not to.
    if (request.routeOptions.url?.startsWith("/api/")) reply.header("cache-control", "no-store");
    const { host = "" } = request.headers;
    if (atDesk && host !== publicHost && !isLoopback(host)) {
      throw new AppError(421, "misdirected_request", "This server does not answer under that name.");
    }
    if (
      changing.has(request.method) &&
      request.routeOptions.config.access !== "signature" &&
      !sameOrigin(request, origin, atDesk)
    ) {
      throw forbidden("This came from another website, so it was not carried out.");
    }
  });
}
