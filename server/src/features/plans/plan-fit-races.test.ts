import { planIds, planOf, type Project } from "@charlie/contract";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fallTo } from "../../../test/fall-to.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";

vi.setConfig({ testTimeout: 120_000 });

let app: TestApp;
let pat: Client;
beforeAll(async () => {
  app = await startTestApp();
  pat = await app.signUp();
});
afterAll(() => app.close());

const verbs = [
  "create",
  "delete",
  "undo",
  "copy",
  "move",
  "newProject",
  "deleteProject",
  "undoProject",
  "pick",
] as const;
const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ verb: fc.constantFrom(...verbs), pick: fc.nat(), other: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant("plan" as const), plan: fc.constantFrom(...planIds) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

interface Row {
  id: string;
  project_id: string;
  deleted: boolean;
  frozen: boolean;
}

const rowsOf = async (table: "agents" | "projects"): Promise<Row[]> =>
  (
    await app.db.operator.query<Row>(
      `select id, deleted_at is not null as deleted, frozen_at is not null as frozen,
        ${table === "agents" ? "project_id" : "id as project_id"} from ${table} where workspace_id = $1 order by id`,
      [pat.workspaceId],
    )
  ).rows;

const answers = { who: "A baker.", rules: "", tricks: "" };

/** Begins anew: Pro, with two projects of three agents each. */
async function begin(): Promise<void> {
  await app.db.operator.query("delete from projects where workspace_id = $1", [pat.workspaceId]);
  await fallTo(app, pat, "pro");
  for (const name of ["One", "Two"]) {
    const { body } = await pat.post<Project>("/api/v1/projects", { name });
    for (let n = 0; n < 3; n++) await pat.post("/api/v1/agents", { ...answers, projectId: body.id });
  }
}

/** Does one step; what the product says no to is no accident. */
async function run(step: Step): Promise<void> {
  if (step.verb === "plan") return void (await fallTo(app, pat, step.plan));
  const [agents, projects] = [await rowsOf("agents"), await rowsOf("projects")];
  const choose = (rows: Row[], nth: number) => rows[nth % rows.length]?.id ?? "";
  const [agent, project] = [choose(agents, step.pick), choose(projects, step.other)];
  const picked = agents.filter(({ id }, n) => id === agent || (step.other + n) % 3 === 0).slice(0, 3);
  const work = {
    create: () => pat.post("/api/v1/agents", { ...answers, projectId: project }),
    delete: () => pat.delete(`/api/v1/agents/${agent}`),
    undo: () => pat.post(`/api/v1/agents/${agent}/restore`),
    copy: () => pat.post(`/api/v1/agents/${agent}/duplicate`),
    move: () => pat.patch(`/api/v1/agents/${agent}`, { projectId: project }),
    newProject: () => pat.post("/api/v1/projects", { name: "New" }),
    deleteProject: () => pat.delete(`/api/v1/projects/${project}`),
    undoProject: () => pat.post(`/api/v1/projects/${project}/restore`),
    pick: () => pat.put("/api/v1/plan-fit", { projects: [project], agents: picked.map(({ id }) => id) }),
  };
  const { status, body } = await work[step.verb]();
  expect([200, 201, 204, 400, 402, 404, 409], `${step.verb}: ${JSON.stringify(body)}`).toContain(status);
}

/** What must hold between any two groups of steps. */
async function look(): Promise<void> {
  const { rows } = await app.db.operator.query("select plan from workspaces where id = $1", [pat.workspaceId]);
  const { limits } = planOf(rows[0].plan);
  const [agents, projects] = [await rowsOf("agents"), await rowsOf("projects")];
  const live = (all: Row[]) => all.filter(({ deleted, frozen }) => !deleted && !frozen);
  expect(live(agents).length).toBeLessThanOrEqual(limits.agents ?? Infinity);
  expect(live(projects).length).toBeLessThanOrEqual(limits.projects ?? Infinity);
  // There is always a project to work in, and nobody is awake outside of one.
  expect(live(projects)).not.toEqual([]);
  const at = new Set(live(projects).map(({ id }) => id));
  expect(live(agents).filter(({ project_id: id }) => !at.has(id))).toEqual([]);
}

test("whatever happens at once: never more is live than the plan gives, and nothing is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyStep, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
      async (groups) => {
        await begin();
        let known = new Set<string>();
        for (const group of groups) {
          await Promise.all(group.map((each) => run(each)));
          await look();
          const now = new Set((await rowsOf("agents")).map(({ id }) => id));
          expect([...known].filter((id) => !now.has(id))).toEqual([]);
          known = now;
        }
        await fallTo(app, pat, "team");
        const left = [...(await rowsOf("agents")), ...(await rowsOf("projects"))];
        expect(left.filter(({ frozen }) => frozen)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test("thirty requests for a new agent and ten plan changes at once end within the plan", async () => {
  await begin();
  await Promise.all([
    ...Array.from({ length: 30 }, (_, n) => run({ verb: "create", pick: n, other: n })),
    ...Array.from({ length: 10 }, (_, n) => run({ verb: "plan", plan: n % 2 ? "pro" : "team" })),
    run({ verb: "plan", plan: "free" }),
  ]);
  await fallTo(app, pat, "free");
  await look();
  const rows = await rowsOf("agents");
  expect(rows.filter(({ frozen }) => !frozen)).toHaveLength(3);
});
