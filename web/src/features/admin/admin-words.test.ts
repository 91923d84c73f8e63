import type { Customer } from "@charlie/contract";
import { expect, test } from "vitest";
import { actionWords, changesOf, eventMark, nextWords, planWords } from "./admin-words.ts";

const customer: Customer = {
  id: "0198f4c6-7c1e-7d2a-9d3b-5f6a7b8c9d0e",
  name: "Bakery",
  owner: null,
  createdAt: "2026-01-05T12:00:00.000Z",
  plan: "pro",
  status: "active",
  interval: "month",
  payingSince: "2026-01-05T12:00:00.000Z",
  mrrMicros: 29_000_000,
  renewsAt: "2026-12-05T12:00:00.000Z",
  renewalCents: 2900,
  cancelAt: null,
  pastDue: null,
  stripeCustomerId: "cus_1",
  stripeUrl: null,
};

test("what comes next for a customer", () => {
  expect(nextWords(customer)).toBe("Renews on December 5, 2026, $29");
  expect(nextWords({ ...customer, cancelAt: customer.renewsAt, renewsAt: null })).toBe("Ends on December 5, 2026");
  const pastDue = { since: "2026-11-05T12:00:00.000Z", openCents: 2950 };
  expect(nextWords({ ...customer, pastDue })).toBe("Payment failed on November 5, 2026, $29.50 open");
  expect(nextWords({ ...customer, status: "trialing" })).toBe("Tries it until December 5, 2026");
  expect(nextWords({ ...customer, status: "none", renewsAt: null })).toBe("Never paid");
  expect(nextWords({ ...customer, status: "canceled", renewsAt: null })).toBe("Has ended");
});

test("a plan and how it is paid", () => {
  expect(planWords({ ...customer, interval: "year" })).toBe("Pro, by the year");
  expect(planWords({ ...customer, plan: "free" })).toBe("Free");
});

test("changes are told with both sides, money and dates as people read them", () => {
  expect(
    changesOf({
      cause: "event",
      renewalCents: { from: null, to: 2900 },
      mrrMicros: { from: 0, to: 24_166_667 },
      currentPeriodEnd: { from: null, to: "2026-12-05T12:00:00.000Z" },
    }),
  ).toEqual({
    facts: ["cause: event"],
    changes: [
      { field: "renewal", from: "nothing", to: "$29" },
      { field: "MRR", from: "$0", to: "$24.17" },
      { field: "current period end", from: "nothing", to: "December 5, 2026" },
    ],
  });
});

test("what has no words yet is told by its name", () => {
  expect(actionWords({ action: "billing.refunded" })).toBe("Was paid back");
  expect(actionWords({ action: "billing.something_new" })).toBe("billing.something_new");
});

test("an event is done, waits, or failed", () => {
  expect(eventMark({ processedAt: "x", error: null }).label).toBe("Done");
  expect(eventMark({ processedAt: null, error: null }).label).toBe("Waiting");
  expect(eventMark({ processedAt: null, error: "No" }).label).toBe("Failed");
});
