import * as fc from "fast-check";
import { expect } from "vitest";
import { differences } from "../server/test/chat.ts";
import type { Place } from "./place.ts";

const given = process.env["FAULT_SEEDS"];
/** `npm run faults`, which has the time that `npm test` has not. */
export const thorough = given === undefined;
/** What the scenarios are drawn from: FAULT_SEED brings the same ones again, and a failure prints its own. */
const seed = Number(process.env["FAULT_SEED"] ?? 1);

/**
 * Lives through scenarios, one after the other, and has the books audited after each: not one difference may be left
 * (money.md, section 1). FAULT_SEEDS says how many; else the place does. The first scenario that fails is told as it was
 * drawn; nothing is shrunk, since each run kills.
 */
export async function survive<T>(
  { db, seeds }: Pick<Place, "db" | "seeds">,
  scenarios: fc.Arbitrary<T>,
  live: (scenario: T) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    await live(scenario);
    expect(await differences({ db })).toEqual([]);
  });
  // A place that says one can live through no more.
  const numRuns = seeds === 1 ? 1 : Number(given ?? seeds);
  await fc.assert(property, { numRuns, seed, endOnFailure: true });
}
