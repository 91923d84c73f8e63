// The arithmetic under the prorations and periods, by its properties.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { amountOf, share } from "../src/billing/amounts.ts";
import { addIntervals, periodAround } from "../src/billing/periods.ts";
import { DAY, utc } from "./world.ts";

const seconds = fc.integer({ min: 0, max: 366 * DAY });

test("a share lies between nothing and the whole, and grows with time", () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), seconds, seconds, (amount, part, rest) => {
      const whole = part + rest + 1;
      const one = share(amount, part, whole);
      expect(one).toBeGreaterThanOrEqual(0);
      expect(one).toBeLessThanOrEqual(amount);
      expect(share(amount, part + 1, whole)).toBeGreaterThanOrEqual(one);
      expect(Math.abs(one - (amount * part) / whole)).toBeLessThanOrEqual(0.5 + 1e-6);
    }),
  );
});

test("periods meet without gap or overlap, whatever the anchor", () => {
  const recurring = (interval: string, count: number) => ({
    interval,
    interval_count: count,
    meter: null,
    trial_period_days: null,
    usage_type: "licensed",
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1_500_000_000, max: 2_000_000_000 }),
      fc.integer({ min: -500 * DAY, max: 2000 * DAY }),
      fc.constantFrom("day", "week", "month", "year"),
      fc.integer({ min: 1, max: 6 }),
      (anchor, offset, interval, count) => {
        const at = anchor + offset;
        const period = periodAround(anchor, recurring(interval, count), at);
        expect(period.start).toBeLessThanOrEqual(at);
        expect(period.end).toBeGreaterThan(at);
        expect(periodAround(anchor, recurring(interval, count), period.end).start).toBe(period.end);
      },
    ),
  );
});

test("the anchor's day comes back after a short month", () => {
  const anchor = utc("2026-01-31T10:00:00");
  expect(addIntervals(anchor, "month", 1)).toBe(utc("2026-02-28T10:00:00"));
  expect(addIntervals(anchor, "month", 2)).toBe(utc("2026-03-31T10:00:00"));
  expect(addIntervals(utc("2024-02-29T00:00:00"), "year", 1)).toBe(utc("2025-02-28T00:00:00"));
  expect(addIntervals(utc("2024-02-29T00:00:00"), "year", 4)).toBe(utc("2028-02-29T00:00:00"));
});

test("decimal prices are exact until the one rounding", () => {
  const decimal = (unit: string, pack?: { divide_by: number; round: "up" | "down" }) =>
    ({ unit_amount_decimal: unit, transform_quantity: pack ?? null }) as Parameters<typeof amountOf>[0];
  expect(amountOf(decimal("0.0001"), "1234567")).toBe(123);
  expect(amountOf(decimal("0.0001"), "1235000")).toBe(124);
  expect(amountOf(decimal("2900"), 3)).toBe(8700);
  expect(amountOf(decimal("500", { divide_by: 10, round: "up" }), 21)).toBe(1500);
  expect(amountOf(decimal("500", { divide_by: 10, round: "down" }), 21)).toBe(1000);
});
