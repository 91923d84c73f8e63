import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { FastifyBaseLogger } from "fastify";
import { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";

/** How long Redis may take to answer, how long it is left alone when it failed or was slow, in ms. */
const patienceMs = 50;
const restMs = 5_000;

/** Each server that counts says every `beatMs` that it is there, and is forgotten after `goneAfterS` seconds of silence. */
const beatMs = 5_000;
const goneAfterS = 15;
/** How many servers there are as long as Redis could not be asked: the pair that a deploy has. */
const serversUnasked = 2;

/** By Redis's own clock: those of the servers differ. Returns how many servers there are. */
const beatScript = `
local now = tonumber(redis.call('time')[1])
redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
redis.call('expire', KEYS[1], ARGV[2])
return redis.call('zcard', KEYS[1])`;
const serversKey = "charlie:servers";

/** Where one key stands in its running minute. */
export interface Standing {
  used: number;
  /** How many this server lets through in that minute as things are. */
  allowed: number;
  /** Until the minute is over. */
  ms: number;
}

/** `none`: this server counts for itself, as no Redis is configured. */
export type RedisState = "none" | "ready" | "away";

export interface SharedCount<Name extends string> {
  /** Counts one of this class for this key. */
  count(name: Name, key: string): Promise<Standing>;
  /** Asks Redis, unless it is left alone for a moment. */
  redis: () => Promise<RedisState>;
  close: () => Promise<void>;
}

const consumeFrom = async (limiter: RateLimiterAbstract, key: string): Promise<RateLimiterRes> =>
  limiter.consume(key).catch((refused: unknown) => {
    if (refused instanceof RateLimiterRes) return refused;
    throw refused;
  });

/** Rejects when Redis had its time. What came while this process itself was busy is read before that is said. */
async function late(): Promise<never> {
  await sleep(patienceMs, undefined, { ref: false });
  await nextTurn();
  throw new Error(`Redis took longer than ${patienceMs} ms`);
}

async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    // A connection to a machine that vanished is given up, instead of waiting for TCP to do so after a quarter of an hour.
    socketTimeout: 1_000,
  });
  // What is wrong is told by the first request that misses it; meanwhile it goes on trying.
  redis.on("error", () => {});
  const connected = redis.connect().catch(() => {});
  await Promise.race([connected, sleep(1_000, undefined, { ref: false })]);
  return redis;
}

/**
 * Counts requests by the minute, with the counts on Redis where its address is given. `limits` are requests per minute
 * by class.
 *
 * While Redis is away or slow each server goes by what it has counted itself, up to its share of the limit: the limit
 * divided by how many servers there were. And whatever Redis says or forgets, no server ever lets more through in a
 * minute of its own than the limit for all: so with n servers, and Redis coming and going, it is at most n times the
 * limit, and with Redis away for longer the limit itself.
 */
export async function makeSharedCount<Name extends string>(
  limits: Record<Name, number>,
  { redisUrl, log }: { redisUrl: string | undefined; log: FastifyBaseLogger },
): Promise<SharedCount<Name>> {
  const redis = redisUrl === undefined ? null : await connect(redisUrl);
  const make = (name: Name) => {
    const options = { keyPrefix: `charlie:${name}`, points: limits[name], duration: 60 };
    const shared = redis && new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true });
    return { here: new RateLimiterMemory(options), shared };
  };
  const limiters = new Map((Object.keys(limits) as Name[]).map((name) => [name, make(name)] as const));

  let away = false;
  let restUntil = 0;
  /** When there last were as many servers as are known, or Redis came back. */
  let sureAt = 0;
  /** What Redis says; `null` while it is away or slow, and for a while after that. */
  async function onRedis<T>(ask: () => Promise<T>): Promise<T | null> {
    if (performance.now() < restUntil) return null;
    const trying = away;
    // One alone tries again; whoever comes meanwhile is counted here.
    if (trying) restUntil = performance.now() + restMs;
    try {
      const answer = await Promise.race([ask(), late()]);
      if (trying) {
        away = false;
        restUntil = 0;
        sureAt = performance.now();
        log.info("Redis is back; the servers count together again");
      }
      return answer;
    } catch (error) {
      if (!away) log.warn({ err: error }, "Redis is away or slow; limiting in memory");
      away = true;
      restUntil = performance.now() + restMs;
      return null;
    }
  }

  const me = randomUUID();
  let servers: number | null = null;
  let beating: NodeJS.Timeout | null = null;
  async function beat(client: Redis): Promise<void> {
    const found = await onRedis(() => client.eval(beatScript, 1, serversKey, me, goneAfterS));
    if (found === null) return;
    const fewer = servers !== null && Number(found) < servers;
    if (!fewer) sureAt = performance.now();
    // A Redis that forgot has not heard of all yet.
    if (Number(found) === servers || (fewer && performance.now() - sureAt < goneAfterS * 1_000)) return;
    servers = Number(found);
    log.info({ servers }, "servers share the request rates");
  }
  /** From its first request on this server is one of those that share: a worker, which nobody visits, is none. */
  function join(client: Redis): void {
    if (beating !== null) return;
    beating = setInterval(() => void beat(client), beatMs).unref();
    void beat(client);
  }

  async function count(name: Name, key: string): Promise<Standing> {
    const limiter = limiters.get(name);
    if (!limiter) throw new Error(`no limit is called ${name}`);
    const { here, shared } = limiter;
    const points = limits[name];
    // Counted here too at all times: what this server has let through is known when Redis goes away.
    const own = await consumeFrom(here, key);
    const mine = (allowed: number) => ({ used: own.consumedPoints, allowed, ms: own.msBeforeNext });
    if (redis === null || shared === null || own.consumedPoints > points) return mine(points);
    join(redis);
    const all = await onRedis(() => consumeFrom(shared, key));
    if (all) return { used: all.consumedPoints, allowed: points, ms: all.msBeforeNext };
    return mine(Math.max(1, Math.floor(points / (servers ?? serversUnasked))));
  }

  return {
    count,
    redis: async () => {
      if (redis === null) return "none";
      return (await onRedis(() => redis.ping())) === null ? "away" : "ready";
    },
    close: async () => {
      if (beating !== null && redis !== null) {
        clearInterval(beating);
        await onRedis(() => redis.zrem(serversKey, me));
      }
      redis?.disconnect();
    },
  };
}
