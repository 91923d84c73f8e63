import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { teach } from "../server/test/chat.ts";
import { makeClient } from "../server/test/client.ts";
import { startTestApp } from "../server/test/harness.ts";
import { startProxy } from "../server/test/proxy.ts";
import { startRedis } from "../server/test/redis.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { survive } from "./seeds.ts";

/** Asks one of the two servers; what came back is its status. */
type Ask = (server: number) => Promise<number>;

/** Whoever asks too much: each of them has a limit of its own. */
interface Visitor {
  ask: Ask;
  limit: number;
}

/** Of production.md's numbers: 2 sign-ins, 60 messages, 120 other requests a minute. */
const scale = 0.2;
const minute = 60_000;

/** What was let through, and in how many minutes of a server that can have been. */
interface Let {
  through: number;
  minutes: number;
}

/** Asks both servers in turn until both refuse, and until it is `over`. */
async function insist({ ask }: Visitor, over: () => boolean = () => true): Promise<Let> {
  const began = performance.now();
  let through = 0;
  const refused = [false, false];
  for (let n = 0; !refused.every(Boolean) || !over(); n += 1) {
    const status = await ask(n % 2);
    // Whatever Redis does, nobody is told of an error.
    expect([200, 429]).toContain(status);
    if (status === 200) through += 1;
    else refused[n % 2] = true;
    if (refused.every(Boolean)) await sleep(20);
  }
  return { through, minutes: Math.floor((performance.now() - began) / minute) + 1 };
}

test("Redis killed, frozen, slow or forgetful under load: no limit is ever open, and each holds within its bound", async () => {
  const provider = await startProviderStandIn();
  // The same secrets everywhere: who signs in at one is known at all.
  const secrets = { auth: randomBytes(32).toString("base64url"), encryptionKey: Buffer.alloc(32, 7) };
  const app = await startTestApp({ deps: { secrets } });
  const first = await startRedis();
  const between = await startProxy(first.port);
  const env = {
    REDIS_URL: `redis://127.0.0.1:${between.port}`,
    RATE_LIMIT_SCALE: String(scale),
    TRUSTED_PROXIES: "127.0.0.1",
    BETTER_AUTH_SECRET: secrets.auth,
  };
  const servers = [await startServerProcess(app.databaseUrl, env), await startServerProcess(app.databaseUrl, env)];
  const urlOf = (server: number) => servers[server]?.url ?? "";
  let redis = first;

  /** Somebody at an address of their own, who asks for resets: of the class of sign-ins. */
  function guesser(): Visitor {
    const headers = { "x-forwarded-for": `10.${[...randomBytes(3)].join(".")}` };
    const ask: Ask = async (server) => {
      const email = `${randomBytes(6).toString("hex")}@example.org`;
      return (await makeClient(urlOf(server)).post("/api/auth/request-password-reset", { email }, headers)).status;
    };
    return { ask, limit: 10 * scale };
  }

  /** Somebody who spends: each message is an answer of a provider. And the same person, reading. */
  async function member(): Promise<{ spends: Visitor; reads: Visitor }> {
    const pat = await app.signUp({ plan: "team" });
    const agent = await teach(pat, provider, "echo");
    const clients = [0, 1].map((server) => Object.assign(makeClient(urlOf(server)), { cookie: pat.cookie }));
    const ask: Ask = async (server) =>
      (await clients[server]!.post(`/api/v1/agents/${agent.id}/messages`, { text: "Hello" })).status;
    const read: Ask = async (server) => (await clients[server]!.get("/api/v1/projects")).status;
    return { spends: { ask, limit: 300 * scale }, reads: { ask: read, limit: 600 * scale } };
  }
  const visitors = async (): Promise<Visitor[]> => {
    const { spends, reads } = await member();
    return [guesser(), spends, reads];
  };

  const readiness = async (server: number) =>
    ((await (await fetch(`${urlOf(server)}/readyz`)).json()) as { status: string }).status;
  /** Waits until both servers say so. */
  async function bothSay(status: "ready" | "degraded"): Promise<void> {
    for (const server of [0, 1]) while ((await readiness(server)) !== status) await sleep(100);
  }
  async function knowEachOther(): Promise<void> {
    for (const server of servers) {
      const last = () =>
        server
          .logged()
          .split("\n")
          .findLast((line) => line.includes('"servers":'));
      while (!last()?.includes('"servers":2,')) await sleep(100);
    }
  }

  const trouble = {
    killed: { hurt: () => redis.kill(), heal: () => void 0 },
    frozen: { hurt: () => redis.freeze(), heal: () => redis.thaw() },
    slow: { hurt: () => between.slow(200), heal: () => between.slow(0) },
    forgetful: { hurt: () => redis.flush(), heal: () => redis.flush() },
  };
  const scenarios = fc.record({
    kind: fc.constantFrom("killed", "frozen", "slow", "forgetful"),
    /** How long everybody asks before that, in ms. */
    before: fc.integer({ min: 0, max: 1_000 }),
  });
  await survive(app, scenarios, async ({ kind, before }) => {
    await bothSay("ready");
    for (const visitor of [guesser(), guesser()]) await insist(visitor);
    await knowEachOther();

    let over = false;
    const old = await visitors();
    const insisting = old.map((visitor) => insist(visitor, () => over));
    await sleep(before);
    await trouble[kind].hurt();
    if (kind !== "forgetful") {
      await bothSay("degraded");
      // Whoever comes now is counted by each server alone, up to its half.
      const fresh = await visitors();
      const answered = await Promise.all(fresh.map((visitor) => insist(visitor)));
      for (const [index, { through, minutes }] of answered.entries()) {
        expect(through).toBeGreaterThan(0);
        expect(through).toBeLessThanOrEqual((fresh[index]?.limit ?? 0) * minutes);
      }
    }
    await trouble[kind].heal();
    if (kind === "killed") redis = await startRedis(redis.port);
    await bothSay("ready");
    over = true;
    // The stated bound for two servers, whatever Redis forgot: twice the limit in a minute.
    for (const [index, { through, minutes }] of (await Promise.all(insisting)).entries())
      expect(through).toBeLessThanOrEqual(2 * (old[index]?.limit ?? 0) * minutes);
    // Together again: the limit, and half of it more where Redis was slow for a moment.
    const later = await visitors();
    for (const visitor of later) {
      const { through, minutes } = await insist(visitor);
      expect(through).toBeGreaterThanOrEqual(visitor.limit);
      expect(through).toBeLessThanOrEqual(1.5 * visitor.limit * minutes);
    }
  });
  for (const server of servers) expect(await server.terminate()).toBe(0);
  await app.close();
  await redis.close();
  await between.close();
  await provider.close();
  // Redis is left alone for seconds each time, and servers tell each other as often: 20 scenarios take a while.
}, 1_800_000);
