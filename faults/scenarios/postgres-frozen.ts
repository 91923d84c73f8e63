import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect } from "vitest";
import type { Place } from "../place.ts";
import { survive, thorough } from "../seeds.ts";
import { askWorker, expectAllKept, setToWork, statusOf, untilReady } from "../work.ts";

/** Stops PostgreSQL where it stands, and lets it go on. */
export interface Frost {
  freeze: () => unknown;
  thaw: () => unknown;
}

/** Fault 6: not ready but alive meanwhile, and afterwards all goes on as if nothing had been. */
export async function postgresFrozen(place: Place, { freeze, thaw }: Frost): Promise<void> {
  let rounds = 0;
  // More people than the server has connections to the database: some wait for one, and are told 503.
  const scenarios = fc.record({ seconds: fc.integer({ min: 1, max: 8 }), people: fc.integer({ min: 1, max: 16 }) });
  await survive(place, scenarios, async ({ seconds, people }) => {
    rounds += 1;
    const frozenMs = (thorough && rounds === 1 ? 30 : seconds) * 1_000;
    const workers = await setToWork(place, people);
    await sleep(200);
    await freeze();
    const until = Date.now() + frozenMs;
    const unnoticed = new Set(place.urls);
    while (Date.now() < until || unnoticed.size > 0) {
      for (const url of place.urls) {
        expect(await statusOf(`${url}/livez`)).toBe(200);
        if ((await statusOf(`${url}/readyz`)) === 503) unnoticed.delete(url);
      }
      await sleep(100);
    }
    await thaw();
    // Another server looks at once for answers that went silent: their own may be as late with its sign of life.
    await place.sweep();
    await untilReady(place);
    const done = await workers.stop();
    await expectAllKept(place, done);
    for (const each of done) expect((await askWorker(each)).status).toBe(200);
  });
}
