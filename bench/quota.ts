import { randomUUIDv7 } from "node:crypto";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { RateLimiterPostgres, RateLimiterRedis } from "rate-limiter-flexible";
import { counting } from "../server/src/features/chat/accept-sql.ts";
import { startRedis } from "../server/test/redis.ts";
import { inParallel } from "./load.ts";
import type { Stage } from "./stage.ts";
import { count, median, type Figure } from "./table.ts";

const workspaces = 1_000;
const slice = 500;
const [warmUps, rounds] = [4, 24];
const atOnce = 16;
/** Far more than is counted here: every count is accepted. */
const limit = 1_000_000_000;
const daySeconds = 24 * 60 * 60;

/** Counts one for a workspace. Throws where it was not accepted. */
type Counts = (workspaceId: string) => Promise<unknown>;

/** The part of accept's statement that counts, on its own: accept reads the same text. */
const countSql = `with ${counting("(select) one", "$1::uuid", "$2")} select value from counted`;

function ours(pool: Pool): Counts {
  return async (workspaceId) => {
    const { rowCount } = await pool.query({ name: "count", text: countSql, values: [workspaceId, limit] });
    if (rowCount !== 1) throw new Error("not accepted");
  };
}

async function rivalOnPostgres(storeClient: Pool): Promise<Counts> {
  const limiter = await new Promise<RateLimiterPostgres>((resolve, reject) => {
    const made: RateLimiterPostgres = new RateLimiterPostgres(
      { storeClient, storeType: "pool", tableName: "rival", points: limit, duration: daySeconds },
      (error?: Error) => (error ? reject(error) : resolve(made)),
    );
  });
  return (workspaceId) => limiter.consume(workspaceId);
}

/** Counts for these workspaces in turn. Returns how many were accepted in a second. */
const measure = async (ids: readonly string[], counts: Counts): Promise<number> =>
  slice /
  (await inParallel(
    Array.from({ length: slice }, (_, n) => ids[n % ids.length] ?? ""),
    atOnce,
    async (id) => void (await counts(id)),
  ));

/**
 * Accepted counts per second on one workspace and on 1,000, 16 at once. Each side counts one message of a workspace's
 * day under a limit, durably, and learns the new count:
 *
 * - ours: the part of accept's statement that counts (`counted` in features/chat/accept-sql.ts), on its own as one
 *   statement and one commit, so it is all that counting adds to an accept, and more: there it shares the round trip and
 *   the commit with question and answer. As the tables' owner; row-level security is not in it.
 * - rate-limiter-flexible's PostgreSQL store: `consume(workspace)`, which is one upsert and one commit, on the same
 *   PostgreSQL over as many connections. It counts on beyond its limit; ours stops there.
 * - its Redis store: `consume(workspace)` on a Redis that keeps nothing on disk: what durability costs.
 *
 * The sides take turns slice by slice in changing order, so that whatever else the machine does meets all of them.
 */
export async function quota({ databaseUrl, pool, ...stage }: Stage): Promise<Figure[]> {
  const ids = Array.from({ length: workspaces }, () => randomUUIDv7());
  await pool.query("insert into workspaces (id, name) select id, 'Bakery' from unnest($1::uuid[]) as id", [ids]);
  const redis = await startRedis();
  stage.after(() => redis.close());
  const storeClient = new Redis(redis.url);
  stage.after(async () => storeClient.disconnect());
  const open = (options: string): Pool => {
    const opened = new Pool({ connectionString: databaseUrl, max: 10, options });
    opened.on("error", () => {});
    stage.after(() => opened.end());
    return opened;
  };
  // As in db/client.ts.
  const [ourPool, theirPool] = [open("-c plan_cache_mode=force_generic_plan"), open("")];
  const onRedis = new RateLimiterRedis({ storeClient, points: limit, duration: daySeconds });
  const sides = {
    ours: ours(ourPool),
    theirs: await rivalOnPostgres(theirPool),
    redis: (id: string) => onRedis.consume(id),
  };
  const figures: Figure[] = [];
  for (const some of [ids.slice(0, 1), ids]) {
    const seen: Record<keyof typeof sides, number>[] = [];
    for (let round = 1; round <= warmUps + rounds; round++) {
      const speeds = { ours: 0, theirs: 0, redis: 0 };
      const order = ["ours", "theirs", "redis"] as const;
      for (const side of round % 2 === 0 ? order : order.toReversed()) speeds[side] = await measure(some, sides[side]);
      if (round > warmUps) seen.push(speeds);
    }
    const on = some.length === 1 ? "one workspace" : `${count(some.length)} workspaces`;
    const absolute = (side: keyof typeof sides) => `${count(median(seen.map((speeds) => speeds[side])))} counts/s`;
    const beside = (side: keyof typeof sides) => median(seen.map((speeds) => speeds.ours / speeds[side]));
    const ratio = beside("theirs");
    figures.push(
      {
        figure: `${on}: ours, beside its PostgreSQL store`,
        absolute: absolute("ours"),
        ratio: ratio.toFixed(2),
        aim: { words: "≥ 1", met: ratio >= 1 },
      },
      { figure: `${on}: rate-limiter-flexible on PostgreSQL`, absolute: absolute("theirs") },
      {
        figure: `${on}: rate-limiter-flexible on Redis, ours beside it`,
        absolute: absolute("redis"),
        ratio: beside("redis").toFixed(2),
      },
    );
  }
  return figures;
}
