import { planOf, planIds } from "@charlie/contract";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fit, type FitAgent, type FitProject } from "./fit.ts";

const at = (minutes: number | null): Date | null => (minutes === null ? null : new Date(minutes * 60_000));
const moment = fc.option(fc.nat(50)).map(at);

/** A workspace of any shape: agents in projects, some frozen, some picked, some never used. */
const workspace = fc
  .record({
    projects: fc.array(fc.record({ frozenAt: moment, pickedAt: moment }), { minLength: 1, maxLength: 8 }),
    agents: fc.array(fc.record({ project: fc.nat(), frozenAt: moment, pickedAt: moment, lastUsedAt: moment }), {
      maxLength: 14,
    }),
  })
  .map(({ projects, agents }) => {
    const all = projects.map((project, n): FitProject => ({ ...project, id: `p${String(n).padStart(2, "0")}` }));
    const theirs = agents.map(({ project, ...agent }, n): FitAgent => {
      const { id } = all[project % all.length]!;
      return { ...agent, id: `a${String(n).padStart(2, "0")}`, projectId: id };
    });
    return { projects: all, agents: theirs };
  });
const limits = fc.constantFrom(...planIds).map((id) => planOf(id).limits);
const runs = { numRuns: 2_000 };

test("what is live fills the plan and no more, and an agent is live only in a live project", () => {
  fc.assert(
    fc.property(workspace, limits, ({ projects, agents }, given) => {
      const live = fit(given, projects, agents);
      expect(live.projects.size).toBe(Math.min(projects.length, given.projects ?? Infinity));
      const candidates = agents.filter(({ projectId }) => live.projects.has(projectId));
      expect(live.agents.size).toBe(Math.min(candidates.length, given.agents ?? Infinity));
      const ids = new Set(candidates.map(({ id }) => id));
      expect([...live.agents].filter((id) => !ids.has(id))).toEqual([]);
    }),
    runs,
  );
});

test("nobody stays asleep behind somebody who was picked or used less", () => {
  fc.assert(
    fc.property(workspace, limits, ({ projects, agents }, given) => {
      const live = fit(given, projects, agents);
      const inLive = agents.filter(({ projectId }) => live.projects.has(projectId));
      const [awake, asleep] = [true, false].map((is) => inLive.filter(({ id }) => live.agents.has(id) === is));
      for (const low of awake ?? []) {
        for (const high of asleep ?? []) {
          expect(high.pickedAt !== null && low.pickedAt === null).toBe(false);
          const alike = (high.pickedAt === null) === (low.pickedAt === null);
          const bothLive = (high.frozenAt === null) === (low.frozenAt === null);
          if (alike && bothLive) expect(+(high.lastUsedAt ?? 0)).toBeLessThanOrEqual(+(low.lastUsedAt ?? 0));
        }
      }
    }),
    runs,
  );
});

test("the order of the rows does not matter, and doing it again changes nothing", () => {
  fc.assert(
    fc.property(workspace, limits, fc.array(fc.nat()), ({ projects, agents }, given, seeds) => {
      const live = fit(given, projects, agents);
      const shuffled = agents.toSorted((a, b) => (seeds[agents.indexOf(a)] ?? 0) - (seeds[agents.indexOf(b)] ?? 0));
      expect(fit(given, projects.toReversed(), shuffled)).toEqual(live);
      const after = <T extends FitProject>(rows: T[], ids: Set<string>) =>
        rows.map((row) => ({ ...row, frozenAt: ids.has(row.id) ? null : (row.frozenAt ?? at(1)) }));
      expect(fit(given, after(projects, live.projects), after(agents, live.agents))).toEqual(live);
    }),
    runs,
  );
});

test("a larger plan freezes nothing that was live, whoever was used meanwhile", () => {
  fc.assert(
    fc.property(workspace, fc.nat(50), ({ projects, agents }, used) => {
      const free = fit(planOf("free").limits, projects, agents);
      const settled = <T extends FitProject>(rows: T[], ids: Set<string>) =>
        rows.map((row) => ({ ...row, pickedAt: null, frozenAt: ids.has(row.id) ? null : at(1) }));
      const asked = agents.map((agent) => (free.agents.has(agent.id) ? agent : { ...agent, lastUsedAt: at(used) }));
      const pro = fit(planOf("pro").limits, settled(projects, free.projects), settled(asked, free.agents));
      expect([...free.projects].filter((id) => !pro.projects.has(id))).toEqual([]);
      expect([...free.agents].filter((id) => !pro.agents.has(id))).toEqual([]);
    }),
    runs,
  );
});

test("the project that was used last stays, with those of its agents that were used last", () => {
  const [p, q] = ["p", "q"].map((id): FitProject => ({ id, frozenAt: null, pickedAt: null })) as [
    FitProject,
    FitProject,
  ];
  const agent = (id: string, projectId: string, used: number | null): FitAgent => ({
    id,
    projectId,
    frozenAt: null,
    pickedAt: null,
    lastUsedAt: at(used),
  });
  const agents = [
    agent("1", "p", 9),
    agent("2", "p", 8),
    agent("3", "q", 1),
    agent("4", "q", null),
    agent("5", "q", 7),
    agent("6", "q", 10),
  ];
  const free = planOf("free").limits;
  expect(fit(free, [p, q], agents)).toEqual({ projects: new Set(["q"]), agents: new Set(["6", "5", "3"]) });
  const picked = agents.map((one) => (one.id === "4" ? { ...one, pickedAt: at(1) } : one));
  expect(fit(free, [p, q], picked).agents).toEqual(new Set(["4", "6", "5"]));
  expect(fit(free, [{ ...p, pickedAt: at(1) }, q], agents).agents).toEqual(new Set(["1", "2"]));
});
