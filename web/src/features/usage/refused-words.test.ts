import type { KeptDecision } from "@charlie/contract";
import { expect, test } from "vitest";
import { inRow, refusedWords } from "./refused-words.ts";

const refusal: KeptDecision = {
  id: "018f0000-0000-7000-8000-000000000000",
  limit: "messagesPerDay",
  plan: "free",
  used: 100,
  allowed: 100,
  resetsAt: "2026-11-23T00:00:00Z",
  next: { plan: "pro", name: "Pro", allowed: 1000, monthlyCents: 2900 },
  spend: null,
  helps: ["wait", "upgrade"],
  status: 402,
  asked: "A question to Bruno",
  detail: "Charlie has answered all 100 messages of today.",
  createdAt: "2026-11-22T18:00:00Z",
};

test("says what was asked, the count at that moment, and what helps", () => {
  expect(refusedWords(refusal)).toEqual({
    asked: "A question to Bruno",
    count: "100 of 100 at that moment.",
    help: "What helps: waiting or the Pro plan.",
  });
});

test("money reads as dollars, and what was held and needed is told", () => {
  const spend = { heldMicros: 20_000, neededMicros: 30_000 };
  const words = refusedWords({
    ...refusal,
    limit: "aiSpend",
    used: 9_980_000,
    allowed: 10_000_000,
    spend,
    helps: ["raise_cap"],
  });
  expect(words.count).toBe("$9.98 of $10.00 at that moment, $0.02 held; this one needed up to $0.03.");
  expect(words.help).toBe("What helps: a higher cap.");
});

test("a rate is named by its kind", () => {
  const rate: KeptDecision = { ...refusal, limit: "requestsPerMinute", asked: "GET /api/v1/agents", helps: ["wait"] };
  expect(refusedWords(rate).asked).toBe("Too many requests in a minute");
});

test("equal ones that follow one another are one, with how many and since when; what was used may differ", () => {
  const at = (minute: number, change: Partial<KeptDecision> = {}): KeptDecision => ({
    ...refusal,
    id: String(minute),
    createdAt: `2026-11-22T18:${minute}:00Z`,
    ...change,
  });
  const other = { limit: "agents", asked: "One more agent" } as const;
  const rows = inRow([at(40), at(30, { used: 101 }), at(20, other), at(10)]);
  expect(rows.map(({ newest, oldest, count }) => [newest.id, oldest.id, count])).toEqual([
    ["40", "30", 2],
    ["20", "20", 1],
    ["10", "10", 1],
  ]);
  expect(inRow([])).toEqual([]);
});
