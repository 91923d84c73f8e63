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
    "Help by e-mail",
  ]);
  expect(offerOf(planOf("team"), "pro").gains[1]).toBe("as many agents as you like");
});

test("allowances and the way up", () => {
  expect(allowanceWords("projects", 1)).toBe("1 project");
  expect(planAbove("free")?.id).toBe("pro");
  expect(planAbove("team")).toBeNull();
});
