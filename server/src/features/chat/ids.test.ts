import { randomUUIDv7 } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { idsAfter } from "./ids.ts";

/** An id that a clock made which is wrong by so many ms. */
const fromClock = (skew: number, rest: string): string => {
  const hex = (Date.now() + skew).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${rest.slice(14)}`;
};

test("whatever the clock of the server before said, question and answer come after what is there, in this order", () => {
  const year = 366 * 24 * 60 * 60 * 1_000;
  const skew = fc.oneof(fc.integer({ min: -year, max: year }), fc.integer({ min: -2, max: 2 }), fc.constant(0));
  const rest = fc.oneof(
    fc.constant(0).map(() => randomUUIDv7()),
    fc.constant("ffffffff-ffff-7fff-bfff-ffffffffffff"),
  );
  fc.assert(
    fc.property(fc.array(skew, { minLength: 1, maxLength: 5 }), rest, (skews, tail) => {
      for (const wrong of skews) {
        let last = fromClock(wrong, tail);
        for (let turn = 0; turn < 3; turn += 1) {
          const [question, answer] = idsAfter(last);
          expect([last, question, answer]).toEqual([last, question, answer].toSorted());
          expect(new Set([last, question, answer]).size).toBe(3);
          for (const id of [question, answer])
            expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
          last = answer;
        }
      }
    }),
  );
});

test("with all clocks right, ids say when they were made", () => {
  const before = Date.now();
  const [question] = idsAfter(randomUUIDv7());
  const made = Number.parseInt(question.replaceAll("-", "").slice(0, 12), 16);
  expect(made).toBeGreaterThanOrEqual(before);
  expect(made).toBeLessThanOrEqual(Date.now() + 1);
});
