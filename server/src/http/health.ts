import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Database } from "../db/client.ts";
import { migrations } from "../db/migrate.ts";
import type { RedisState } from "./shared-count.ts";

export interface Health {
  /** From now on `/readyz` says 503, so that no new work is sent here. */
  shutDown(): void;
}

type Verdict = "healthy" | "degraded" | "unhealthy";

/** One thing about the service, as `/health` shows it: all of it may be read by anybody. */
interface Sign {
  name: string;
  status: Verdict;
}

export interface HealthServices {
  db: Database;
  redis: () => Promise<RedisState>;
  /** What else tells how the service is, each with its own verdict. Asked only while the database answers. */
  signs: () => Promise<Sign[]>;
}

interface Check {
  ok: boolean;
  what: string;
}

const cachedMs = 2_000;
/** A database that takes longer than this for a small question is away, in ms. */
const patienceMs = 2_000;

/** `null` where it fails or takes too long. */
const inTime = <T>(asked: Promise<T>): Promise<T | null> =>
  Promise.race([asked.catch(() => null), sleep(patienceMs, null, { ref: false })]);

const order: Verdict[] = ["healthy", "degraded", "unhealthy"];
const worst = (verdicts: Verdict[]): Verdict => order.findLast((verdict) => verdicts.includes(verdict)) ?? "healthy";

/**
 * `/livez`: the process alone; restarts hang on it. `/readyz`: the database and its migrations, remembered for 2 s, and
 * whether the server is to end; without Redis it is degraded, which is no reason to send nobody here. `/health`: for the
 * outside, everything worth a look, as long remembered; 503 where it is unhealthy.
 */
export function useHealth(app: FastifyInstance, { db, redis, signs }: HealthServices): Health {
  const newest = migrations().length;
  let stopping = false;
  let known: { at: number; check: Promise<Check>; redis: Promise<RedisState>; signs?: Promise<Sign[] | null> } | null =
    null;

  async function look(): Promise<Check> {
    const answer = await inTime(
      db.operator.query<{ number: number | null }>("select max(number) as number from schema_migrations"),
    );
    if (answer === null) return { ok: false, what: "database away" };
    const number = answer.rows[0]?.number ?? 0;
    return number >= newest ? { ok: true, what: "ready" } : { ok: false, what: `migration ${number} of ${newest}` };
  }

  /** What was seen within the last 2 s, else what is seen now. */
  function seen() {
    if (known === null || performance.now() - known.at > cachedMs)
      known = { at: performance.now(), check: look(), redis: redis() };
    return known;
  }

  const options = { schema: { hide: true }, config: { access: "public" as const }, logLevel: "silent" as const };
  app.get("/livez", options, async () => ({ status: "alive" }));
  app.get("/readyz", options, async (_request, reply) => {
    if (stopping) return reply.status(503).send({ status: "shutting down" });
    const now = seen();
    const { ok, what } = await now.check;
    if (!ok) return reply.status(503).send({ status: what });
    return (await now.redis) === "away" ? { status: "degraded", redis: "away" } : { status: what };
  });
  app.get("/health", options, async (_request, reply) => {
    const now = seen();
    const { ok, what } = await now.check;
    const found = ok ? await (now.signs ??= inTime(signs())) : [];
    const redisState = await now.redis;
    const database: Verdict = ok && found !== null ? "healthy" : "unhealthy";
    const redisVerdict: Verdict = redisState === "away" ? "degraded" : "healthy";
    const verdicts = [database, redisVerdict, ...(found ?? []).map(({ status }) => status)];
    const status = stopping ? "unhealthy" : worst(verdicts);
    return reply.status(status === "unhealthy" ? 503 : 200).send({
      status,
      checks: {
        database: { status: database, what: found === null ? "too slow" : what },
        redis: { status: redisVerdict, what: redisState },
        ...Object.fromEntries((found ?? []).map(({ name, ...sign }) => [name, sign])),
      },
    });
  });
  return {
    shutDown: () => {
      stopping = true;
    },
  };
}
