import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import { AppError } from "../errors.ts";

/** Requests per minute by class (production.md); all scaled by one setting. */
const perMinute = { read: 600, signIn: 10, api: 600, messages: 300, preview: 300 } as const;
type RateClass = keyof typeof perMinute;

const signInPaths = /^\/api\/auth\/(sign-in|sign-up|request-password-reset|reset-password|send-verification-email)/;

function classOf(request: FastifyRequest): RateClass {
  if (request.method === "POST") {
    if (signInPaths.test(request.url)) return "signIn";
    if (request.url.startsWith("/api/v1/agents/preview")) return "preview";
    if (/^\/api\/v1\/agents\/[^/]+\/messages/.test(request.url)) return "messages";
  }
  return request.url.startsWith("/api/v1/") ? "api" : "read";
}

/** The account that a sign-in or reset is about, so that many addresses cannot guess at one account together. */
function accountOf(request: FastifyRequest): string | null {
  const { body } = request;
  if (typeof body !== "object" || body === null || !("email" in body) || typeof body.email !== "string") return null;
  return body.email.trim().toLowerCase().slice(0, 320);
}

export interface Rates {
  close(): Promise<void>;
}

/**
 * Limits request rates by client address, and sign-in by account too: on Redis where it is set, else (and while Redis
 * is away) in this server's memory. Never used for quotas, which are counted in PostgreSQL (money.md).
 */
export async function useRates(
  app: FastifyInstance,
  { redisUrl, scale }: { redisUrl: string | undefined; scale: number },
): Promise<Rates> {
  if (scale === 0) return { close: async () => {} };
  const redis =
    redisUrl === undefined
      ? null
      : new Redis(redisUrl, {
          enableOfflineQueue: false,
          maxRetriesPerRequest: 1,
          commandTimeout: 50,
          lazyConnect: true,
        });
  redis?.on("error", (error) => app.log.warn({ err: error }, "redis is away; limiting in memory"));
  // Not waited for: until it is connected, memory limits.
  redis?.connect().catch(() => {});
  const make = (name: RateClass): RateLimiterAbstract => {
    const options = {
      keyPrefix: `charlie:${name}`,
      points: Math.max(1, Math.round(perMinute[name] * scale)),
      duration: 60,
    };
    const memory = new RateLimiterMemory(options);
    return redis ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory }) : memory;
  };
  const limiters: Record<RateClass, RateLimiterAbstract> = {
    read: make("read"),
    signIn: make("signIn"),
    api: make("api"),
    messages: make("messages"),
    preview: make("preview"),
  };

  async function consume(name: RateClass, key: string, reply: FastifyReply): Promise<void> {
    const limiter = limiters[name];
    const result = await limiter.consume(key).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const seconds = Math.ceil(result.msBeforeNext / 1_000);
    reply
      .header("RateLimit-Limit", limiter.points)
      .header("RateLimit-Remaining", Math.max(0, result.remainingPoints))
      .header("RateLimit-Reset", seconds);
    if (result.consumedPoints > limiter.points) {
      reply.header("Retry-After", seconds);
      throw new AppError(
        429,
        "too_many_requests",
        `That was a lot in a short time. Please wait ${seconds} seconds and try again.`,
      );
    }
  }

  app.addHook("preHandler", async (request, reply) => {
    if (/^\/(livez|readyz|health|assets\/)/.test(request.url) || request.routeOptions.config.access === "signature")
      return;
    const name = classOf(request);
    await consume(name, request.ip, reply);
    const account = name === "signIn" ? accountOf(request) : null;
    if (account !== null) await consume(name, `account:${account}`, reply);
  });
  return {
    close: async () => {
      redis?.disconnect();
    },
  };
}
