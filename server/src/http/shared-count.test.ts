import { setTimeout as sleep } from "node:timers/promises";
import { describe, test, type TestContext } from "vitest";
import { startTestApp, type TestApp, type TestOptions } from "../../test/harness.ts";
import { startProxy } from "../../test/proxy.ts";
import { startRedis, type RedisServer } from "../../test/redis.ts";

type OnFinished = TestContext["onTestFinished"];

async function start(onFinished: OnFinished, redisUrl: string, more: TestOptions = {}): Promise<TestApp> {
  const app = await startTestApp({ ...more, env: { RATE_LIMIT_SCALE: "1", REDIS_URL: redisUrl } });
  onFinished(() => app.close());
  return app;
}

async function redisServer(onFinished: OnFinished, port?: number): Promise<RedisServer> {
  const redis = await startRedis(port);
  onFinished(() => redis.close());
  return redis;
}

/** Asks for a reset: of the same class as a sign-in, without the work that checking a password takes. */
const askReset = (app: TestApp) =>
  app.stranger().post("/api/auth/request-password-reset", { email: `${Math.random()}@example.org` });

/** How many requests of the sign-in class are let through before the first 429. */
async function triesUntilRefused(app: TestApp, most = 30): Promise<number> {
  for (let tries = 0; tries < most; tries += 1) if ((await askReset(app)).status === 429) return tries;
  return most;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}

/** Whether a server found so many that share, as the last that it says about that. */
function knows(app: TestApp, servers: number): boolean {
  const last = app
    .logged()
    .split("\n")
    .findLast((line) => line.includes('"servers":'));
  return last?.includes(`"servers":${servers},`) ?? false;
}

/** Two servers that know of each other: once Redis is away, each has half. */
async function startTwo(onFinished: OnFinished, redisUrl: string): Promise<[TestApp, TestApp]> {
  const one = await start(onFinished, redisUrl);
  const two = await start(onFinished, redisUrl, { databaseUrl: one.databaseUrl });
  for (const each of [one, two]) await each.stranger().get("/api/v1/config");
  for (const each of [one, two]) await until(() => knows(each, 2));
  return [one, two];
}

/** Asks until a server counts on Redis again. */
const untilBack = (app: TestApp) =>
  until(async () => {
    await app.stranger().get("/api/v1/config");
    return app.logged().includes("count together again");
  });

// Each waits for seconds in which nothing happens, and has a Redis of its own.
describe.concurrent("request rates on Redis", () => {
  test("two servers share one count", async ({ expect, onTestFinished }) => {
    const redis = await redisServer(onTestFinished);
    const one = await start(onTestFinished, redis.url);
    const two = await start(onTestFinished, redis.url, { databaseUrl: one.databaseUrl });
    for (let n = 0; n < 8; n += 1) expect((await askReset(one)).status).toBe(200);
    const more = await triesUntilRefused(two);
    // On a machine so busy that Redis took longer than 50 ms, each has its half.
    const apart = [one, two].map((app) => app.logged().includes("limiting in memory"));
    if (apart.some(Boolean)) return expect(more).toBeLessThanOrEqual(5);
    expect(more).toBe(2);
    expect((await askReset(one)).status).toBe(429);
  });

  test("killed: two servers let through together what the limit is; with it back they count together", async ({
    expect,
    onTestFinished,
  }) => {
    const redis = await redisServer(onTestFinished);
    const [one, two] = await startTwo(onTestFinished, redis.url);
    for (let n = 0; n < 3; n += 1) expect((await askReset(one)).status).toBe(200);
    await redis.kill();
    expect(await triesUntilRefused(one)).toBe(2);
    expect(await triesUntilRefused(two)).toBe(5);
    const told = await askReset(two);
    expect(told.headers.get("ratelimit-limit")).toBe("5");
    expect(Number(told.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await one.stranger().get("/api/v1/config")).status).toBe(200);
    expect(one.logged()).toContain("limiting in memory");
    const again = await redisServer(onTestFinished, redis.port);
    for (const app of [one, two]) await untilBack(app);
    await until(async () => (await again.keys()) > 0);
  });

  test("hanging: nobody is held up and nothing is open; going on, it is used again", async ({
    expect,
    onTestFinished,
  }) => {
    const redis = await redisServer(onTestFinished);
    const [one, two] = await startTwo(onTestFinished, redis.url);
    expect((await askReset(one)).status).toBe(200);
    redis.freeze();
    expect(await triesUntilRefused(one)).toBe(4);
    expect(await triesUntilRefused(two)).toBe(5);
    redis.thaw();
    for (const app of [one, two]) await untilBack(app);
  });

  test("slower than 50 ms: it is left alone until it is quick again", async ({ expect, onTestFinished }) => {
    const redis = await redisServer(onTestFinished);
    const between = await startProxy(redis.port);
    onTestFinished(() => between.close());
    const [one, two] = await startTwo(onTestFinished, `redis://127.0.0.1:${between.port}`);
    between.slow(300);
    expect(await triesUntilRefused(one)).toBe(5);
    expect(await triesUntilRefused(two)).toBe(5);
    between.slow(0);
    for (const app of [one, two]) await untilBack(app);
  });

  test("forgetting all the time: no server lets more through than the limit", async ({ expect, onTestFinished }) => {
    const redis = await redisServer(onTestFinished);
    const app = await start(onTestFinished, redis.url);
    await app.stranger().get("/api/v1/config");
    await until(() => knows(app, 1));
    for (let n = 0; n < 10; n += 1) {
      expect((await askReset(app)).status).toBe(200);
      await redis.flush();
    }
    expect((await askReset(app)).status).toBe(429);
  });

  test("away or hanging from the start: the servers start; each of what may be a pair has half", async ({
    expect,
    onTestFinished,
  }) => {
    expect(await triesUntilRefused(await start(onTestFinished, "redis://127.0.0.1:9"))).toBe(5);
    const redis = await redisServer(onTestFinished);
    redis.freeze();
    expect(await triesUntilRefused(await start(onTestFinished, redis.url))).toBe(5);
  });

  test("a server that ends leaves its share to the others; one that nobody visits has none", async ({
    expect,
    onTestFinished,
  }) => {
    const redis = await redisServer(onTestFinished);
    const one = await start(onTestFinished, redis.url);
    const two = await startTestApp({
      databaseUrl: one.databaseUrl,
      env: { RATE_LIMIT_SCALE: "1", REDIS_URL: redis.url },
    });
    const idle = await start(onTestFinished, redis.url, { databaseUrl: one.databaseUrl });
    expect((await idle.stranger().get("/readyz")).status).toBe(200);
    for (const each of [one, two]) await each.stranger().get("/api/v1/config");
    await until(() => knows(one, 2));
    await two.close();
    await until(() => knows(one, 1));
    await redis.kill();
    expect(await triesUntilRefused(one)).toBe(10);
  }, 90_000);
});
