import { isIPv6 } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Decision, RateLimitId } from "@charlie/contract";
import { actorId, type Ctx } from "../context.ts";
import { AppError, TooManyRequests, tooManyRequests } from "../errors.ts";
import { makeSharedCount, type RedisState, type Standing } from "./shared-count.ts";

/** Requests per minute by class (production.md); all scaled by one setting. */
const perMinute = { read: 600, signIn: 10, api: 600, messages: 300, preview: 300 } as const;
type RateClass = keyof typeof perMinute;

/** How a workspace's classes are called where a refusal is looked up. */
const limitOf = { api: "requestsPerMinute", messages: "questionsPerMinute", preview: "previewsPerMinute" } as const;

/** By the route that was found, never by the address as it was written: that has many spellings. */
function openClassOf({ method, routeOptions: { url = "" } }: FastifyRequest): "signIn" | "read" {
  return method === "POST" && url.startsWith("/api/auth/") && url !== "/api/auth/sign-out" ? "signIn" : "read";
}

function memberClassOf({ method, routeOptions: { url = "" } }: FastifyRequest): keyof typeof limitOf {
  if (method === "POST" && url === "/api/v1/agents/preview") return "preview";
  return method === "POST" && url === "/api/v1/agents/:id/messages" ? "messages" : "api";
}

const probes = new Set(["/livez", "/readyz", "/health"]);

/** What is asked again and again and costs next to nothing: the probes, and files of the built pages. */
const isFree = ({ url, routeOptions: { url: route = "" } }: FastifyRequest): boolean =>
  probes.has(route) || (route === "/*" && url.startsWith("/assets/"));

/** Whose address it is: of IPv6 the first 64 bits, as one subscriber has all the others; of IPv4 all of it. */
function sourceOf({ ip }: FastifyRequest): string {
  if (!isIPv6(ip)) return ip;
  const mapped = /^::ffff:([\d.]+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  // The one way to write it, in hexadecimal throughout; a zone (`%eth0`) is no part of it.
  const [head = "", tail] = new URL(`http://[${ip.split("%")[0]}]`).hostname.slice(1, -1).split("::");
  const [left, right] = [head, tail ?? ""].map((part) => (part === "" ? [] : part.split(":")));
  const zeros = Array<string>(8 - (left?.length ?? 0) - (right?.length ?? 0)).fill("0");
  return [...(left ?? []), ...zeros, ...(right ?? [])].slice(0, 4).join(":");
}

/** The account that a sign-in or reset is about, so that many addresses cannot guess at one account together. */
function accountOf({ body }: FastifyRequest): string | null {
  if (typeof body !== "object" || body === null || !("email" in body) || typeof body.email !== "string") return null;
  return body.email.trim().toLowerCase().slice(0, 320);
}

/** Keeps a refusal of a workspace's request; `null` where that did not go. */
type Keep = (
  ctx: Ctx,
  refusal: { limit: RateLimitId; used: number; allowed: number; resetsAt: Date; asked: string; detail: string },
) => Promise<Decision | null>;

export interface Rates {
  /** Counts a request to a member's or an operator's endpoint: for its user and workspace, or for its address where nobody is signed in. Throws 429. */
  member: (request: FastifyRequest, reply: FastifyReply, ctx: Ctx | null) => Promise<void>;
  /** Whether the servers count together. */
  redis: () => Promise<RedisState>;
  close: () => Promise<void>;
}

/**
 * Limits request rates, with the counts on Redis where it is set (shared-count.ts has what happens without it). Never
 * used for quotas, which are counted in PostgreSQL (money.md).
 */
export async function useRates(
  app: FastifyInstance,
  { redisUrl, scale, keep }: { redisUrl: string | undefined; scale: number; keep: Keep },
): Promise<Rates> {
  if (scale === 0) return { member: async () => {}, redis: async () => "none", close: async () => {} };
  const points = (name: RateClass) => Math.max(1, Math.round(perMinute[name] * scale));
  const limits = {
    read: points("read"),
    signIn: points("signIn"),
    api: points("api"),
    messages: points("messages"),
    preview: points("preview"),
  };
  const shared = await makeSharedCount(limits, { redisUrl, log: app.log });

  interface Spent {
    used: number;
    allowed: number;
    seconds: number;
    detail: string;
  }

  /** Counts one for each of these, and tells where that was one too many. */
  async function consume(name: RateClass, keys: string[], reply: FastifyReply): Promise<Spent | null> {
    const standings = await Promise.all(keys.map((key) => shared.count(name, key)));
    const left = ({ used, allowed }: Standing): number => allowed - used;
    const { used, allowed, ms } = standings.reduce((tight, one) => (left(one) < left(tight) ? one : tight));
    const seconds = Math.ceil(ms / 1_000);
    reply
      .header("RateLimit-Limit", allowed)
      .header("RateLimit-Remaining", Math.max(0, allowed - used))
      .header("RateLimit-Reset", seconds);
    if (used <= allowed) return null;
    reply.header("Retry-After", seconds);
    const detail = `That was a lot in a short time. Please wait ${seconds} seconds and try again.`;
    return { used, allowed, seconds, detail };
  }

  /** Of nobody whom we know: what was met stands in the log, under the request's id that the answer carries. */
  async function anonymous(name: RateClass, key: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const spent = await consume(name, [key], reply);
    if (!spent) return;
    request.log.info({ limit: name, used: spent.used, allowed: spent.allowed }, "refused: too many requests");
    throw new AppError(429, tooManyRequests, spent.detail);
  }

  async function ofWorkspace(request: FastifyRequest, reply: FastifyReply, ctx: Ctx): Promise<void> {
    const name = memberClassOf(request);
    // For the person too: one with many workspaces has no more than one with one.
    const keys = [`workspace:${ctx.workspaceId}`, `user:${actorId(ctx.actor)}`];
    const spent = await consume(name, keys, reply);
    if (!spent) return;
    const { used, allowed, seconds, detail } = spent;
    const asked = `${request.method} ${request.routeOptions.url ?? ""}`;
    const resetsAt = new Date(Date.now() + seconds * 1_000);
    const decision = await keep(ctx, { limit: limitOf[name], used, allowed, resetsAt, asked, detail });
    throw decision ? new TooManyRequests(decision, detail) : new AppError(429, tooManyRequests, detail);
  }

  // Before anything else is done for a request, reading its body included.
  app.addHook("onRequest", async (request, reply) => {
    const { access } = request.routeOptions.config;
    if (access === "signature" || access === "member" || access === "operator" || isFree(request)) return;
    await anonymous(openClassOf(request), sourceOf(request), request, reply);
  });
  app.addHook("preHandler", async (request, reply) => {
    if (request.routeOptions.config.access === "member" || openClassOf(request) !== "signIn") return;
    const account = accountOf(request);
    if (account !== null) await anonymous("signIn", `account:${account}`, request, reply);
  });
  return {
    member: (request, reply, ctx) =>
      ctx === null ? anonymous("read", sourceOf(request), request, reply) : ofWorkspace(request, reply, ctx),
    redis: shared.redis,
    close: shared.close,
  };
}
