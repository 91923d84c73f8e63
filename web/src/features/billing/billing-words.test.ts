import { billingTurns } from "@charlie/contract";
import { expect, test } from "vitest";
import { isRunning, owedWords, priceWords, type Standing, standingWords, turnWords } from "./billing-words.ts";

const active: Standing = {
  plan: "pro",
  subscribedTo: "pro",
  status: "active",
  next: { kind: "renews", at: "2026-12-22T12:00:00Z", amountCents: 2900 },
  pastDue: null,
};
const never: Standing = { plan: "free", subscribedTo: null, status: "none", next: null, pastDue: null };
const open: Standing = {
  ...active,
  status: "past_due",
  next: { kind: "payment_due", at: "2026-11-29T12:00:00Z", amountCents: 2900 },
  pastDue: {
    since: "2026-11-22T12:00:00Z",
    endsAt: "2026-11-29T12:00:00Z",
    amountCents: 2900,
    invoiceUrl: "https://pay.example.org/i/1",
  },
};

test("a running plan tells when it renews and for how much", () => {
  expect(standingWords(active)).toEqual({
    tone: "calm",
    label: "Active",
    next: "Renews on December 22, 2026 for $29.",
  });
});

test("a cancelled one tells when it ends, and that nothing is deleted", () => {
  const ending = standingWords({
    ...active,
    next: { kind: "ends", at: "2026-12-22T12:00:00Z", amountCents: null },
  });
  expect(ending).toMatchObject({ tone: "ending", label: "Cancelled" });
  expect(ending.next).toContain("nothing is deleted");
});

test("an open payment tells until when there is time, also where the plan is cancelled", () => {
  expect(standingWords(open).tone).toBe("trouble");
  expect(standingWords(open).next).toBe(
    "The payment of $29 did not go through. You keep Pro until November 29, 2026; after that you are on Free, unless it is paid.",
  );
  const cancelled: Standing = { ...open, next: { kind: "ends", at: "2026-12-22T12:00:00Z", amountCents: null } };
  expect(standingWords(cancelled)).toEqual(standingWords(open));
});

test("after the days of grace it tells since when the plan is Free, and what brings it back", () => {
  expect(owedWords({ ...open, plan: "free" })).toEqual({
    what: "The payment of $29 is still open.",
    means: "So you have been on Free since November 29, 2026. Nothing is deleted; once it is paid, Pro is back.",
  });
  expect(owedWords(active)).toBeNull();
});

test("who never paid, or not any more, is simply on Free", () => {
  expect(standingWords(never)).toEqual({ tone: "calm", label: "Free for as long as you like", next: null });
  expect(standingWords({ ...never, status: "canceled" }).label).toBe("Free for as long as you like");
});

test("each turn has words of its own that name the amount where there is one", () => {
  const words = billingTurns.map((what) => turnWords({ what, plan: "team", amountCents: 7900 }));
  expect(new Set(words).size).toBe(billingTurns.length);
  expect(turnWords({ what: "refunded", plan: null, amountCents: 900 })).toMatch(/^\$9 was paid back/);
  expect(turnWords({ what: "ended_unpaid", plan: "team", amountCents: null })).toMatch(/^Team ended because/);
});

test("only a paid plan that runs ends the wait after payment", () => {
  expect(isRunning(active)).toBe(true);
  expect(isRunning(never)).toBe(false);
  expect(isRunning({ ...active, status: "past_due" })).toBe(false);
});

test("a price names its interval", () => {
  expect(priceWords("pro", "year")).toBe("$290 per year");
  expect(priceWords("free", null)).toBe("$0 per month");
});
