import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "@charlie/contract";
import * as fc from "fast-check";
import { expect } from "vitest";
import { makeClient, type Client } from "../../server/test/client.ts";
import type { Place } from "../place.ts";
import { survive } from "../seeds.ts";

/** Asks one of the two servers; what came back is its status. */
type Ask = (server: number) => Promise<number>;

/** Whoever asks too much: each of them has a limit of its own. */
interface Visitor {
  ask: Ask;
  limit: number;
}

/** Of production.md's numbers: 2 sign-ins, 60 messages, 120 other requests a minute. */
export const scale = 0.2;
const minute = 60_000;

/** What happens to Redis, and how it ends. */
export interface Trouble {
  hurt: () => unknown;
  heal: () => unknown;
  /** Whether it goes on until it is healed, so that servers notice. */
  lasts: boolean;
}

/** Two servers that share the rates on one Redis, scaled by `scale`. */
export interface Rates extends Pick<Place, "db" | "seeds" | "urls"> {
  /** Somebody on Team who has asked nothing yet, with a taught agent. */
  member(): Promise<{ pat: Client; agent: Agent }>;
  /** All that a server has logged. */
  logged(server: number): Promise<string> | string;
  trouble: Record<string, Trouble>;
}

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

/** Fault 7: no limit is ever open, and each holds within its bound. */
export async function redisAway(rates: Rates): Promise<void> {
  const { urls, trouble } = rates;
  const urlOf = (server: number) => urls[server] ?? "";

  /** Somebody at an address of their own, who asks for resets: of the class of sign-ins. */
  function guesser(): Visitor {
    const address = `10.${[...randomBytes(3)].join(".")}`;
    // As a proxy says it that is believed, and as Cloudflare does to nginx.
    const headers = { "x-forwarded-for": address, "cf-connecting-ip": address };
    const ask: Ask = async (server) => {
      const email = `${randomBytes(6).toString("hex")}@example.org`;
      return (await makeClient(urlOf(server)).post("/api/auth/request-password-reset", { email }, headers)).status;
    };
    return { ask, limit: 10 * scale };
  }

  /** Somebody who spends: each message is an answer of a provider. And the same person, reading. */
  async function member(): Promise<{ spends: Visitor; reads: Visitor }> {
    const { pat, agent } = await rates.member();
    const clients = urls.map((url) => Object.assign(makeClient(url), { cookie: pat.cookie }));
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
    for (const server of [0, 1]) {
      const last = async () => (await rates.logged(server)).split("\n").findLast((line) => line.includes('"servers":'));
      while (!(await last())?.includes('"servers":2,')) await sleep(100);
    }
  }

  const scenarios = fc.record({
    kind: fc.constantFrom(...Object.keys(trouble)),
    /** How long everybody asks before that, in ms. */
    before: fc.integer({ min: 0, max: 1_000 }),
  });
  await survive(rates, scenarios, async ({ kind, before }) => {
    const { hurt, heal, lasts } = trouble[kind]!;
    await bothSay("ready");
    for (const visitor of [guesser(), guesser()]) await insist(visitor);
    await knowEachOther();

    let over = false;
    const old = await visitors();
    const insisting = old.map((visitor) => insist(visitor, () => over));
    await sleep(before);
    await hurt();
    if (lasts) {
      await bothSay("degraded");
      // Whoever comes now is counted by each server alone, up to its half.
      const fresh = await visitors();
      const answered = await Promise.all(fresh.map((visitor) => insist(visitor)));
      for (const [index, { through, minutes }] of answered.entries()) {
        expect(through).toBeGreaterThan(0);
        expect(through).toBeLessThanOrEqual((fresh[index]?.limit ?? 0) * minutes);
      }
    }
    await heal();
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
}
