import type { SwitchPreview } from "@charlie/contract";
import { expect, test } from "vitest";
import { lessRoom, offerPrice, refusalWords, switchWords } from "./switch-words.ts";

const preview: SwitchPreview = {
  plan: "team",
  interval: "month",
  lines: [],
  totalCents: 4167,
  creditCents: 0,
  nextCents: 7900,
  nextAt: "2026-12-22T12:00:00Z",
  fromPrice: "price_1",
  prorationDate: "2026-11-29T12:00:00Z",
};

test("a switch tells what it costs now and then", () => {
  expect(switchWords(preview)).toEqual({
    now: "$41.67",
    credit: null,
    later: "$79 a month, for the first time on December 22, 2026, plus tax where it is due.",
    agree: "Switch and pay $41.67",
    after: "Your card is charged and the change is made at once. Where it cannot be charged, nothing changes.",
  });
});

test("where more was paid than is due, nothing is charged and the rest stays", () => {
  const words = switchWords({ ...preview, totalCents: 0, creditCents: 2150 });
  expect(words).toMatchObject({ now: "Nothing", agree: "Switch to Team", after: "The change is made at once." });
  expect(words.credit).toBe("$21.50 stays as your credit and pays your next invoices.");
});

test("a smaller plan tells what it has less room for, a larger one nothing", () => {
  expect(lessRoom("team", "pro")).toEqual(["1,000 messages a day", "10 agents", "5 projects"]);
  expect(lessRoom("pro", "team")).toEqual([]);
});

test("each refusal of the server has a way out", () => {
  const codes = [
    "payment_due",
    "payment_failed",
    "plan_ends",
    "never_paid",
    "no_running_plan",
    "no_yearly_price",
    "already_subscribed",
  ];
  const choice = { plan: "team", interval: "year" } as const;
  expect(codes.map((code) => refusalWords(code, choice)?.way)).toEqual([
    "pay",
    "card",
    "keep",
    "plans",
    "plans",
    "month",
    "billing",
  ]);
  expect(refusalWords("same_plan", choice)?.detail).toBe("You are on Team, paid by the year.");
  expect(refusalWords("stripe_away", choice)).toBeNull();
});

test("a price by the year says what is free", () => {
  expect(offerPrice("pro", "month")).toBe("$29 a month");
  expect(offerPrice("pro", "year")).toBe("$290 a year: two months free");
});
