import type { Trace } from "@charlie/contract";
import { expect, test } from "vitest";
import { secondsWords, traceWords } from "./trace-words.ts";

const brain = {
  stepId: "brain",
  type: "brain",
  ms: 1200,
  provider: "openai",
  model: "gpt-6",
  payer: "own_key",
  firstTextMs: 400,
  tokensIn: 1234,
  tokensOut: 56,
  tokensCached: 0,
  finishReason: "stop",
} as const;

const trace: Trace = {
  version: 1,
  steps: [
    { stepId: "input", type: "input", ms: 0, remembered: 4 },
    { stepId: "instructions", type: "instructions", ms: 0 },
    {
      stepId: "taught",
      type: "taught",
      ms: 100,
      used: [
        { source: "tricks", text: "We open at nine." },
        { source: "rules", text: "Be kind." },
        { source: "tricks", text: "We open at nine." },
      ],
    },
    brain,
    { stepId: "output", type: "output", ms: 0 },
  ],
};

test("says what he remembered, what he was taught, which brain, how long", () => {
  const words = traceWords(trace, null);
  expect(words.remembered).toBe("He kept 4 earlier messages of this chat in mind.");
  expect(words.taught).toEqual([
    { from: "What are his rules?", sentences: ["Be kind."] },
    { from: "What tricks does he know?", sentences: ["We open at nine."] },
  ]);
  expect(words.brain).toBe("The answer was put into words by gpt-6 from OpenAI.");
  expect(words.time).toBe("It took 1.3 seconds; the first words came after 0.4 seconds.");
  expect(words.cut).toBeNull();
});

test("tokens and money stay inside the numbers", () => {
  const { numbers, ...plain } = traceWords(trace, {
    tokensIn: 1234,
    tokensOut: 56,
    tokensCached: 0,
    costMicros: 420,
    passedOn: true,
    ownKeyMicros: null,
    payer: "operator",
  });
  expect(JSON.stringify(plain)).not.toMatch(/token|\$/i);
  expect(numbers).toContainEqual({ label: "Tokens read", value: "1,234" });
  expect(numbers).toContainEqual({ label: "AI cost here", value: "$0.00042" });
});

test("who pays: nobody is charged for free AI, nor for an answer that failed", () => {
  const counted = { tokensIn: 9, tokensOut: 9, tokensCached: 0, costMicros: 420, ownKeyMicros: null } as const;
  const pays = (usage: Parameters<typeof traceWords>[1]) =>
    traceWords({ version: 1, steps: [{ ...brain, payer: "operator" }] }, usage).numbers.find(
      ({ label }) => label === "Who pays for the AI",
    )?.value;
  expect(pays({ ...counted, payer: "operator", passedOn: true })).toBe("You, at cost");
  expect(pays({ ...counted, payer: "operator", passedOn: false })).toBe("This service: you are not charged");
  expect(pays(null)).toBe("This service: you are not charged");
});

test("with an own key it says about what the provider asks", () => {
  const counted = {
    tokensIn: 9,
    tokensOut: 9,
    tokensCached: 0,
    costMicros: 0,
    passedOn: false,
    payer: "own_key",
  } as const;
  const numbers = (ownKeyMicros: number | null) => traceWords(trace, { ...counted, ownKeyMicros }).numbers;
  expect(numbers(1_200)).toContainEqual({ label: "At your provider", value: "about $0.0012" });
  expect(numbers(null).map(({ label }) => label)).not.toContain("At your provider");
});

test("an answer cut at its longest says so", () => {
  const cut: Trace = { version: 1, steps: [{ ...brain, finishReason: "length" }] };
  expect(traceWords(cut, null).cut).toContain("longest length");
});

test("a trace without a brain, and the practice brain", () => {
  expect(traceWords({ version: 1, steps: [] }, null)).toMatchObject({ taught: [], time: null, numbers: [] });
  const practice: Trace = { version: 1, steps: [{ ...brain, provider: "offline", ms: 3, firstTextMs: 1 }] };
  expect(traceWords(practice, null).brain).toContain("practice brain");
  expect(traceWords(practice, null).time).toBe("It took less than a tenth of a second.");
});

test("seconds are told with the digits that matter", () => {
  expect([950, 1000, 1040, 9940, 9960, 12_400].map(secondsWords)).toEqual([
    "1 second",
    "1 second",
    "1 second",
    "9.9 seconds",
    "10 seconds",
    "12 seconds",
  ]);
});
