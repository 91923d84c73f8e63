import { expect, test } from "vitest";
import {
  formatAgo,
  formatCents,
  formatCount,
  formatDay,
  formatLimit,
  formatMicros,
  formatShort,
  formatUnits,
} from "./format.ts";
import { wordsFor } from "./problem-words.ts";

test("money shows as many digits as matter", () => {
  expect(formatCents(2900)).toBe("$29");
  expect(formatCents(2950)).toBe("$29.50");
  expect(formatCents(0)).toBe("$0");
  expect(formatMicros(1_230_000)).toBe("$1.23");
  expect(formatMicros("420")).toBe("$0.00042");
  expect(formatMicros(0)).toBe("$0.00");
});

test("what was spent is rounded down, what is needed up, with the same digits", () => {
  const read = (micros: number) => [formatMicros(micros), formatMicros(micros, "up")];
  expect(read(9_996_000)).toEqual(["$9.99", "$10.00"]);
  expect(read(2_131)).toEqual(["$0.0021", "$0.0022"]);
  expect(read(82)).toEqual(["$0.000082", "$0.000082"]);
  expect(read(9_999)).toEqual(["$0.0099", "$0.01"]);
  expect(read(5)).toEqual(["$0.000005", "$0.000005"]);
  expect(read(290_000)).toEqual(["$0.29", "$0.29"]);
  expect(formatMicros(24_166_667, "near")).toBe("$24.17");
});

test("counts, limits and units", () => {
  expect(formatCount(12345)).toBe("12,345");
  expect(formatShort(12345)).toBe("12.3K");
  expect(formatLimit(null)).toBe("unlimited");
  expect(formatUnits(1, "agent")).toBe("1 agent");
  expect(formatUnits(2, "reply", "replies")).toBe("2 replies");
});

test("times are told from now", () => {
  const now = "2026-11-22T12:00:00Z";
  expect(formatAgo("2026-11-22T11:59:40Z", now)).toBe("just now");
  expect(formatAgo("2026-11-22T16:01:00Z", now)).toBe("in 5 hours");
  expect(formatAgo("2026-11-22T17:00:00Z", now)).toBe("in 5 hours");
  expect(formatAgo("2026-11-21T11:00:00Z", now)).toBe("yesterday");
});

test("a UTC day is the same day in every time zone", () => {
  expect(formatDay("2026-11-22")).toBe("Nov 22");
});

test("a problem speaks for itself, also when an error carries it", () => {
  const problem = {
    title: "That was the last message of today",
    detail: "Tomorrow there are 100 more.",
    requestId: "r1",
  };
  const words = { title: problem.title, detail: problem.detail, reference: "r1" };
  expect(wordsFor(problem)).toEqual(words);
  expect(wordsFor(Object.assign(new Error("402"), { problem }))).toEqual(words);
});

test("what was not foreseen never shows its inside", () => {
  expect(wordsFor(new TypeError("Failed to fetch")).title).toBe("The connection broke");
  expect(JSON.stringify(wordsFor(new Error("ECONNREFUSED 127.0.0.1:5432")))).not.toContain("5432");
  expect(wordsFor(undefined).detail).toContain("Nothing is lost");
});
