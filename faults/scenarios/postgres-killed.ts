import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect } from "vitest";
import type { Place } from "../place.ts";
import { survive } from "../seeds.ts";
import { askWorker, expectAllKept, setToWork } from "../work.ts";

/** Fault 5: `kill` ends PostgreSQL as a power cut would, and returns once it comes back. */
export async function postgresKilled(place: Place, kill: () => Promise<void>): Promise<void> {
  const scenarios = fc.record({ afterMs: fc.integer({ min: 50, max: 900 }), people: fc.integer({ min: 1, max: 6 }) });
  await survive(place, scenarios, async ({ afterMs, people }) => {
    const workers = await setToWork(place, people);
    await sleep(afterMs);
    const back = kill();
    const done = await workers.stop();
    await back;
    await expectAllKept(place, done);
    expect((await askWorker(workers.each[0]!)).status).toBe(200);
  });
}
