import { expect, test } from "vitest";
import { chartMetrics, chartWords, dayWords, summaryOf } from "./history-words.ts";

const days = (...values: number[]) => ({
  days: values.map((value, index) => ({ day: `2026-11-${String(index + 1).padStart(2, "0")}`, value })),
});
const [messages, tokens, cost] = chartMetrics;

test("the top of the chart is a round number that nothing is above", () => {
  expect([0, 1, 3, 7, 23, 26, 101, 340, 999, 12_345].map((value) => summaryOf(days(value)).top)).toEqual([
    1, 1, 3, 8, 25, 30, 150, 400, 1000, 15_000,
  ]);
});

test("sums up, and finds the fullest day", () => {
  expect(summaryOf(days(1, 5, 5, 2))).toMatchObject({ total: 13, most: { day: "2026-11-02", value: 5 } });
  expect(summaryOf(days(0, 0)).most).toBeNull();
});

test("says the chart in one sentence", () => {
  expect(chartWords(messages!, summaryOf(days(1, 5)))).toBe(
    "Messages of the last 30 days: 6 messages in all, most on Nov 2 with 5 messages.",
  );
  expect(chartWords(messages!, summaryOf(days(0)))).toContain("Nobody has asked");
});

test("tokens and micro-dollars read as words and dollars", () => {
  expect(tokens!.say(1000)).toBe("about 750 words (1,000 tokens)");
  expect(cost!.say(420)).toBe("$0.00042");
});

test("a day is the same day in every time zone", () => {
  expect(dayWords("2026-11-22")).toBe("Nov 22");
});
