import { expect, test } from "vitest";
import { plan, scenarios } from "./planning.ts";

test("100, 300 and 500 users bring in what the founder planned", () => {
  expect(scenarios.map(plan)).toEqual([
    { pro: 30, team: 5, mrrCents: 126_500 },
    { pro: 90, team: 15, mrrCents: 379_500 },
    { pro: 150, team: 25, mrrCents: 632_500 },
  ]);
});

test("a share is a number of whole people", () => {
  expect(plan({ users: 7, proShare: 30, teamShare: 0 })).toEqual({ pro: 2, team: 0, mrrCents: 5800 });
  expect(plan({ users: 0, proShare: 30, teamShare: 5 })).toEqual({ pro: 0, team: 0, mrrCents: 0 });
});
