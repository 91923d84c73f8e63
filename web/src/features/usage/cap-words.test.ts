import { expect, test } from "vitest";
import { capFault, microsOfDollars } from "./cap-words.ts";

test("dollars as people write them", () => {
  expect(["25", "12.50", " $1,200 ", "0", "0.07"].map(microsOfDollars)).toEqual([
    25_000_000, 12_500_000, 1_200_000_000, 0, 70_000,
  ]);
  for (const wrong of ["", "a", "-1", "1.234", "1e3", "12,50.1x"]) expect(microsOfDollars(wrong)).toBeNaN();
});

test("says what is wrong with a cap", () => {
  expect(capFault("", 1)).toBeUndefined();
  expect(capFault("200", 200_000_000)).toBeUndefined();
  expect(capFault("200.01", 200_000_000)).toContain("$200.00 at most");
  expect(capFault("lots", 1)).toContain("like 25");
});
