import type { PlanFit } from "@charlie/contract";
import { expect, test } from "vitest";
import { chosenWords, keepsWords } from "./asleep-words.ts";

const things = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: String(n),
    projectId: "0",
    name: "A",
    who: "",
    lastUsedAt: null,
    frozen: n > 2,
  }));
const fit = (agents: number, projects: number): PlanFit => ({
  plan: "free",
  limits: { agents: 3, projects: 1 },
  frozen: { agents: Math.max(0, agents - 3), projects: Math.max(0, projects - 1) },
  agents: things(agents),
  projects: things(projects),
});

test("what a plan keeps awake is said of what sleeps only", () => {
  expect(keepsWords(fit(8, 1))).toBe("Free keeps 3 of your 8 agents awake");
  expect(keepsWords(fit(5, 2))).toBe("Free keeps 3 of your 5 agents and 1 of your 2 projects awake");
  expect(keepsWords(fit(3, 1))).toBeNull();
});

test("too many chosen say how many to leave out", () => {
  expect(chosenWords(2, 3, "agent")).toEqual({ words: "2 of 3 agents chosen", tooMany: false });
  expect(chosenWords(5, 3, "agent")).toEqual({ words: "5 of 3 agents chosen: leave 2 out", tooMany: true });
  expect(chosenWords(1, null, "project")).toEqual({ words: "1 project chosen", tooMany: false });
});
