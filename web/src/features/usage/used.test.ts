import type { UsagePart } from "@charlie/contract";
import { expect, test } from "vitest";
import { chartMetrics, chartWords, dayBars, namedBars, sayBar, sharesOf, shownDays, topOf } from "./used.ts";

const [messages, words, cost] = chartMetrics;
const part = (given: Partial<UsagePart>): UsagePart => ({
  day: null,
  agent: null,
  brain: null,
  payer: "operator",
  messages: 0,
  tokensIn: 0,
  tokensOut: 0,
  tokensCached: 0,
  // Charged, where nothing else is said.
  costMicros: 0,
  passedOnMicros: given.costMicros ?? 0,
  ownKeyMicros: 0,
  ...given,
});
const agent = (id: string) => ({ id, name: `Agent ${id}`, state: "awake" as const });
const days = (...totals: number[]) => totals.map((total) => ({ total }));

test("days without use have a bar of nothing, and who paid stays apart", () => {
  const bars = dayBars(
    ["2026-11-21", "2026-11-22"],
    [
      part({ day: "2026-11-22", messages: 4, payer: "own_key" }),
      part({ day: "2026-11-22", messages: 10 }),
      part({ day: "2026-11-20", messages: 99 }),
    ],
    messages,
  );
  expect(bars.map(({ label, total }) => [label, total])).toEqual([
    ["Nov 21", 0],
    ["Nov 22", 14],
  ]);
  expect(bars[1]?.split).toEqual([
    { share: "operator", value: 10 },
    { share: "own_key", value: 4 },
  ]);
  expect(sharesOf(messages, bars)).toEqual([
    { share: "operator", label: "Through this service", value: 10 },
    { share: "own_key", label: "With your own key", value: 4 },
  ]);
  expect(sayBar(messages, bars[1]!)).toBe("14 messages (10 through this service, 4 with your own key)");
  expect(sayBar(messages, bars[0]!)).toBe("0 messages");
});

test("an agent is one bar whoever paid, the longest first; who used none of it has none", () => {
  const parts = [
    part({ agent: agent("a"), messages: 3, costMicros: 10 }),
    part({ agent: agent("b"), messages: 2, payer: "own_key", ownKeyMicros: 7 }),
    part({ agent: agent("a"), messages: 1, payer: "own_key", ownKeyMicros: 5 }),
    part({ agent: agent("c"), messages: 9, payer: "nobody" }),
  ];
  expect(namedBars(parts, messages).map(({ label, total }) => [label, total])).toEqual([
    ["Agent c", 9],
    ["Agent a", 4],
    ["Agent b", 2],
  ]);
  const byCost = namedBars(parts, cost!);
  expect(byCost.map(({ key, total }) => [key, total])).toEqual([
    ["a", 15],
    ["b", 7],
  ]);
});

test("models of one name from two providers are two, and the practice brain has a name", () => {
  const brain = (provider: "openai" | "compatible" | "offline", model: string) =>
    part({ brain: { provider, model }, messages: 1 });
  const bars = namedBars([brain("openai", "m"), brain("compatible", "m"), brain("offline", "x")], messages);
  expect(bars.map(({ label }) => label)).toEqual(["m", "m", "Practice brain"]);
});

test("what a provider charges elsewhere is said to be a guess", () => {
  const say = (...parts: UsagePart[]) =>
    sayBar(
      cost!,
      namedBars(
        parts.map((one) => ({ ...one, agent: agent("a") })),
        cost!,
      )[0]!,
    );
  expect(say(part({ costMicros: 1_200_000 }))).toBe("$1.20");
  expect(say(part({ ownKeyMicros: 800_000, payer: "own_key" }))).toBe("about $0.80");
  expect(say(part({ costMicros: 1_200_000 }), part({ ownKeyMicros: 800_000, payer: "own_key" }))).toBe(
    "about $2.00 ($1.20 charged to you, about $0.80 with your own key)",
  );
  expect(say(part({ costMicros: 1_200_000, passedOnMicros: 1_000_000 }))).toBe(
    "$1.20 ($1.00 charged to you, $0.20 not charged)",
  );
  expect(say(part({ costMicros: 200_000, passedOnMicros: 0 }))).toBe("$0.20, not charged");
});

test("words of several brains are said without a bracket in a bracket", () => {
  const split = [
    { share: "operator", value: 1_000 },
    { share: "nobody", value: 400 },
  ] as const;
  expect(sayBar(words!, { total: 1_400, split: [...split] })).toBe(
    "about 1,050 words (750 through this service, 300 practice brain)",
  );
});

test("the top of the chart is a round number that nothing is above", () => {
  expect([0, 1, 3, 7, 23, 26, 101, 340, 999, 12_345].map((value) => topOf(days(value)))).toEqual([
    1, 1, 3, 8, 25, 30, 150, 400, 1000, 15_000,
  ]);
  expect(topOf([])).toBe(1);
});

test("says a chart in one sentence", () => {
  const bars = (...values: number[]) =>
    dayBars(
      values.map((_, index) => `2026-11-0${index + 1}`),
      values.map((value, index) => part({ day: `2026-11-0${index + 1}`, messages: value })),
      messages,
    );
  expect(chartWords(messages, bars(1, 5))).toBe("6 messages in all, most on Nov 2 with 5 messages.");
  expect(chartWords(messages, bars(0, 1))).toBe("1 message in all, on Nov 2.");
  expect(chartWords(messages, bars(0, 0))).toContain("Nobody has asked");
});

test("a chart's sum is a guess where a part of it is one", () => {
  const two = ["2026-11-01", "2026-11-02"];
  const charged = part({ day: "2026-11-01", costMicros: 2_000_000 });
  const guessed = part({ day: "2026-11-02", payer: "own_key", ownKeyMicros: 1_000_000 });
  const told = (...parts: UsagePart[]) => chartWords(cost!, dayBars(two, parts, cost!));
  expect(told(charged)).toBe("$2.00 in all, on Nov 1.");
  expect(told(guessed)).toBe("About $1.00 in all, on Nov 2.");
  expect(told(charged, guessed)).toBe("About $3.00 in all, most on Nov 1 with $2.00.");
});

test("a young workspace shows its days, and a week at least", () => {
  const month = Array.from({ length: 30 }, (_, index) => `2026-11-${String(index + 1).padStart(2, "0")}`);
  expect(shownDays(month, "2026-11-30")).toEqual(month.slice(-7));
  expect(shownDays(month, "2026-11-20")).toEqual(month.slice(19));
  expect(shownDays(month, "2026-10-20")).toEqual(month);
  expect(shownDays(month, null)).toEqual(month);
  expect(shownDays(month.slice(-3), "2026-11-30")).toHaveLength(3);
});

test("tokens and micro-dollars read as words and dollars", () => {
  expect(words!.say(1000)).toBe("about 750 words (1,000 tokens)");
  expect(cost!.say(420)).toBe("$0.00042");
});
