import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { startTestApp } from "../server/test/harness.ts";
import { startProxy } from "../server/test/proxy.ts";
import { startRedis } from "../server/test/redis.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { onProcesses } from "./place.ts";
import { redisAway, scale } from "./scenarios/redis-away.ts";

test("Redis killed, frozen, slow or forgetful under load: no limit is ever open, and each holds within its bound", async () => {
  const provider = await startProviderStandIn();
  // The same secrets everywhere: who signs in at one is known at all.
  const secrets = { auth: randomBytes(32).toString("base64url"), encryptionKey: Buffer.alloc(32, 7) };
  const app = await startTestApp({ deps: { secrets } });
  let redis = await startRedis();
  const between = await startProxy(redis.port);
  const env = {
    REDIS_URL: `redis://127.0.0.1:${between.port}`,
    RATE_LIMIT_SCALE: String(scale),
    TRUSTED_PROXIES: "127.0.0.1",
    BETTER_AUTH_SECRET: secrets.auth,
  };
  const servers = [await startServerProcess(app.databaseUrl, env), await startServerProcess(app.databaseUrl, env)];
  const urls = servers.map(({ url }) => url);
  const place = onProcesses(app, urls, provider);
  await redisAway({
    ...place,
    member: async () => {
      const pat = await place.signUp({ plan: "team" });
      return { pat, agent: await place.teach(pat) };
    },
    logged: (server) => servers[server]?.logged() ?? "",
    trouble: {
      killed: {
        hurt: () => redis.kill(),
        heal: async () => {
          redis = await startRedis(redis.port);
        },
        lasts: true,
      },
      frozen: { hurt: () => redis.freeze(), heal: () => redis.thaw(), lasts: true },
      slow: { hurt: () => between.slow(200), heal: () => between.slow(0), lasts: true },
      forgetful: { hurt: () => redis.flush(), heal: () => redis.flush(), lasts: false },
    },
  });
  for (const server of servers) expect(await server.terminate()).toBe(0);
  await app.close();
  await redis.close();
  await between.close();
  await provider.close();
  // Redis is left alone for seconds each time, and servers tell each other as often: 20 scenarios take a while.
}, 1_800_000);
