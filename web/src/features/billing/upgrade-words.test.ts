import { type Decision, planOf } from "@charlie/contract";
import { expect, test } from "vitest";
import { allowanceWords, offerOf, planAbove, stoppedWords } from "./upgrade-words.ts";

const decision: Decision = {
  id: "018f0000-0000-7000-8000-000000000000",
  limit: "messagesPerDay",
  plan: "free",
  used: 100,
  allowed: 100,
  resetsAt: "2026-11-23T00:00:00Z",
  next: { plan: "pro", name: "Pro", allowed: 1000, monthlyCents: 2900 },
  spend: null,
  helps: ["wait", "upgrade"],
};

test("says what is used and when it goes on by itself", () => {
  const words = stoppedWords(decision, new Date("2026-11-22T19:00:00Z"));
  expect(words.used).toBe("100 of 100 messages used today.");
  expect(words.otherwise).toContain("in 5 hours");
});

test("a limit that does not reset names the other way out", () => {
  const words = stoppedWords({ ...decision, limit: "agents", used: 3, allowed: 3, resetsAt: null });
  expect(words.title).toBe("You have all the agents of your plan");
  expect(words.otherwise).toContain("deleting an agent");
});

test("an offer names the limit that was met first, and only what is more", () => {
  expect(offerOf(planOf("pro"), "free", "agents").gains).toEqual([
    "10 agents",
    "1,000 messages a day",
    "5 projects",
    "AI at cost, up to a cap that you set: $10.00 at first, $200.00 at most",
    "Help by e-mail",
  ]);
  expect(offerOf(planOf("team"), "pro").gains[1]).toBe("as many agents as you like");
});

test("allowances and the way up", () => {
  expect(allowanceWords("projects", 1)).toBe("1 project");
  expect(planAbove("free")?.id).toBe("pro");
  expect(planAbove("team")).toBeNull();
});

test("at the spend cap it says what is used, what the answer could have cost, and that it cost nothing", () => {
  const capped: Decision = {
    ...decision,
    limit: "aiSpend",
    plan: "pro",
    used: 9_980_000,
    allowed: 10_000_000,
    resetsAt: "2026-12-01T00:00:00Z",
    spend: { heldMicros: 0, neededMicros: 30_000 },
    helps: ["raise_cap", "own_key", "upgrade", "wait"],
  };
  const words = stoppedWords(capped);
  expect(words.title).toBe("Your cap on AI is met");
  expect(words.used).toMatch(
    /^\$9\.98 of the \$10\.00 that you let AI cost until .* are used\. This answer could cost up to \$0\.03/,
  );
  expect(words.otherwise).toContain("cost nothing");
  expect(stoppedWords({ ...capped, plan: "free" }).title).toBe("Your cap on AI is met");
  expect(stoppedWords({ ...capped, plan: "free", helps: ["own_key", "upgrade", "wait"] }).title).toBe(
    "The free AI is used up",
  );
  const soon = stoppedWords({ ...capped, used: 9_000_000, spend: { heldMicros: 980_000, neededMicros: 30_000 } });
  expect(soon.title).toBe("Other answers may need the rest");
  expect(offerOf(planOf("team"), "pro", "aiSpend").gains[0]).toContain("$1,000.00 at most");
});
