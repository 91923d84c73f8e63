import * as fc from "fast-check";
import { expect } from "vitest";
import type { Place } from "../place.ts";
import { survive } from "../seeds.ts";
import { askWorker, expectAllKept, setToWork } from "../work.ts";

/** Fault 9: `fill` leaves PostgreSQL's disk so many bytes, and returns what makes room again and has PostgreSQL run. */
export async function diskFull(place: Place, fill: (left: number) => Promise<() => Promise<void>>): Promise<void> {
  const scenarios = fc.record({ left: fc.integer({ min: 0, max: 100_000 }), people: fc.integer({ min: 1, max: 4 }) });
  await survive(place, scenarios, async ({ left, people }) => {
    const workers = await setToWork(place, people, "team");
    const mend = await fill(left);
    // A long question needs room at once: sooner or later nothing fits any more.
    const ask = () => askWorker(workers.each[0]!, "Where do you get your flour? ".repeat(200));
    let refused = await ask();
    while (refused.status < 300) refused = await ask();
    // Refused before it was asked, or the answer found no room and was given back.
    expect(refused.status).toBe(503);
    expect(["database_away", "interrupted"]).toContain(refused.body.code);
    const done = await workers.stop();
    await mend();
    await expectAllKept(place, done);
    expect((await ask()).status).toBe(200);
  });
}
