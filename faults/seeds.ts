import * as fc from "fast-check";
import { expect } from "vitest";
import { differences } from "../server/test/chat.ts";
import type { TestApp } from "../server/test/harness.ts";

/** How many scenarios of each fault are lived through; FAULT_SEEDS says otherwise. */
const runs = Number(process.env["FAULT_SEEDS"] ?? 20);
/** `npm run faults`, which has the time that `npm test` has not. */
export const thorough = process.env["FAULT_SEEDS"] === undefined;
/** What the scenarios are drawn from: FAULT_SEED brings the same ones again, and a failure prints its own. */
const seed = Number(process.env["FAULT_SEED"] ?? 1);

/**
 * Lives through scenarios, one after the other, and has the books audited after each: not one difference may be left
 * (money.md, section 1). The first scenario that fails is told as it was drawn; nothing is shrunk, since each run kills.
 */
export async function survive<T>(
  app: TestApp,
  scenarios: fc.Arbitrary<T>,
  live: (scenario: T) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    await live(scenario);
    expect(await differences(app)).toEqual([]);
  });
  await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
}
