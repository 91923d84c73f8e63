import { expect, test } from "vitest";
import { isRunning, priceWords, type Standing, standingWords } from "./billing-words.ts";

const active: Standing = {
  plan: "pro",
  status: "active",
  next: { kind: "renews", at: "2026-12-22T12:00:00Z", amountCents: 2900 },
};
const never: Standing = { plan: "free", status: "none", next: null };

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

test("an open payment tells until when there is time", () => {
  const open = standingWords({
    ...active,
    status: "past_due",
    next: { kind: "payment_due", at: "2026-11-29T12:00:00Z", amountCents: 2900 },
  });
  expect(open.tone).toBe("trouble");
  expect(open.next).toContain("$29");
  expect(open.next).toContain("November 29, 2026");
});

test("who never paid, or not any more, is simply on Free", () => {
  expect(standingWords(never)).toEqual({ tone: "calm", label: "Free for as long as you like", next: null });
  expect(standingWords({ ...never, status: "canceled" }).label).toBe("Free for as long as you like");
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
