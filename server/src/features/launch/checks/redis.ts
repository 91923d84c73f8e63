import { Redis } from "ioredis";
import { check, reasonOf, Wrong } from "./check.ts";

/** One connection for some questions. Throws a Wrong where there is none to be had. */
async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let broke: unknown;
  redis.on("error", (error) => (broke ??= error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw new Wrong(
      `no connection: ${reasonOf(broke ?? error)}`,
      "Look at host, port and password in REDIS_URL (rediss:// where it speaks TLS), and whether Redis runs.",
      error,
    );
  }
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** What INFO tells of a section. Managed servers answer it where they refuse CONFIG. */
async function infoOf(redis: Redis, section: string): Promise<Map<string, string>> {
  const lines = (await redis.info(section)).split(/\r?\n/).filter((line) => line.includes(":"));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
}

const connects = check({
  id: "redis.connects",
  group: "redis",
  looksAt: "Redis answers",
  variables: ["REDIS_URL"],
  run: ({ REDIS_URL }) =>
    withRedis(REDIS_URL, async (redis) => {
      const server = await infoOf(redis, "server");
      return `Redis ${server.get("redis_version") ?? "of an unknown version"}`;
    }),
});

const policy = check({
  id: "redis.policy",
  group: "redis",
  looksAt: "Redis throws nothing away when its memory is full (noeviction)",
  variables: ["REDIS_URL"],
  run: ({ REDIS_URL }) =>
    withRedis(REDIS_URL, async (redis) => {
      const found = (await infoOf(redis, "memory")).get("maxmemory_policy");
      if (found === "noeviction") return found;
      throw new Wrong(
        `maxmemory-policy is ${found ?? "not told"}`,
        "Set maxmemory-policy noeviction: a counter that is thrown away lets a limit start again at zero.",
      );
    }),
});

/** Whether snapshots are taken; `null` where the server does not tell. */
const snapshots = async (redis: Redis): Promise<boolean | null> => {
  const answer = await redis.config("GET", "save").catch(() => null);
  return Array.isArray(answer) ? answer[1] !== "" : null;
};

const persistence = check({
  id: "redis.persistence",
  group: "redis",
  looksAt: "Redis keeps its counters over a restart",
  variables: ["REDIS_URL"],
  run: ({ REDIS_URL }) =>
    withRedis(REDIS_URL, async (redis) => {
      const info = await infoOf(redis, "persistence");
      if (info.get("aof_enabled") === "1") {
        if (info.get("aof_last_write_status") !== "err") return "append-only file";
        throw new Wrong("the last write to its append-only file failed", "Look at Redis's disk.");
      }
      const saves = await snapshots(redis);
      if (saves === null) return "this server does not tell whether it takes snapshots; its provider does";
      if (!saves)
        throw new Wrong(
          "neither an append-only file nor snapshots",
          "Set appendonly yes, so that limits outlive a restart.",
        );
      if (info.get("rdb_last_bgsave_status") === "err")
        throw new Wrong("its last snapshot failed", "Look at Redis's disk.");
      return "snapshots";
    }),
});

export const redisChecks = [connects, policy, persistence];
