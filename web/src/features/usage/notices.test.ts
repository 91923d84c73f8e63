import type { UsageLimits } from "@charlie/contract";
import { expect, test } from "vitest";
import { noticesOf, readDismissed, withDismissed } from "./notices.ts";

const limits = (used: number, spend: Partial<UsageLimits["aiSpend"]> | null = null): UsageLimits => ({
  plan: "pro",
  messagesPerDay: { used, limit: 1000, resetsAt: "2026-11-23T00:00:00.000Z" },
  agents: { used: 0, limit: 10, resetsAt: null },
  projects: { used: 0, limit: 5, resetsAt: null },
  aiSpend: spend && {
    used: 0,
    held: 0,
    limit: 10_000_000,
    resetsAt: "2026-12-01T00:00:00.000Z",
    own: null,
    most: 200_000_000,
    full: false,
    ...spend,
  },
});

test("tells at 80 % and at 100 % of the day's messages, and each once", () => {
  expect(noticesOf(limits(799))).toEqual([]);
  const [near] = noticesOf(limits(800));
  expect(near).toMatchObject({ full: false, words: "800 of today’s 1,000 messages are used." });
  expect(noticesOf(limits(900))[0]?.key).toBe(near?.key);
  const [full] = noticesOf(limits(1000));
  expect(full).toMatchObject({ full: true });
  expect(full?.key).not.toBe(near?.key);
});

test("tells at 80 % of the spend cap, and when it has no room for an answer", () => {
  expect(noticesOf(limits(0, { used: 7_999_999 }))).toEqual([]);
  const [near] = noticesOf(limits(0, { used: 8_000_000 }));
  expect(near?.words).toMatch(/^\$8\.00 of the \$10\.00 that you let AI cost until .* are used\.$/);
  const [full] = noticesOf(limits(0, { used: 6_000_000, full: true }));
  expect(full).toMatchObject({ full: true });
  // Another cap, or the next period, is another thing.
  expect(noticesOf(limits(0, { used: 8_000_000, limit: 9_000_000 }))[0]?.key).not.toBe(near?.key);
});

test("what was dismissed is remembered, and a broken memory is none", () => {
  expect(readDismissed(JSON.stringify(withDismissed(["a"], "b")))).toEqual(["a", "b"]);
  expect([null, "{", "3", '[1,"a"]'].map(readDismissed)).toEqual([[], [], [], ["a"]]);
  expect(Array.from({ length: 99 }, String).reduce(withDismissed, [] as string[])).toHaveLength(40);
});
