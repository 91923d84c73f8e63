import { nextPlanFor, planOf, plans, type Problem } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { LimitReached } from "../../errors.ts";
import { limitSentence, spendSentence } from "./sentences.ts";
import { limitReached } from "./index.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

test("the catalogue is public and tells nothing of Stripe", async () => {
  const { status, body } = await app.stranger().get<{ plans: { id: string; monthlyCents: number }[] }>("/api/v1/plans");
  expect(status).toBe(200);
  expect(body.plans.map(({ id, monthlyCents }) => [id, monthlyCents])).toEqual([
    ["free", 0],
    ["pro", 2900],
    ["team", 7900],
  ]);
  expect(JSON.stringify(body)).not.toContain("lookupKey");
});

test("a decision stays, though the transaction of the verb that met the limit rolls back", async () => {
  const pat = await app.signUp();
  const ctx = app.ctxOf(pat);
  const resetsAt = new Date("2026-11-23T00:00:00Z");
  const refused = ctx.transaction(async () => {
    throw await limitReached(ctx, { limit: "messagesPerDay", plan: "free", used: 100, resetsAt, asked: "A question" });
  });
  const error: unknown = await refused.catch((thrown: unknown) => thrown);
  if (!(error instanceof LimitReached)) throw new Error("expected a limit");
  expect(error.decision).toMatchObject({
    limit: "messagesPerDay",
    used: 100,
    allowed: 100,
    resetsAt: resetsAt.toISOString(),
    next: { plan: "pro", name: "Pro", allowed: 1000, monthlyCents: 2900 },
  });
  const { rows } = await app.db.operator.query("select * from decisions where id = $1", [error.decision.id]);
  expect(rows).toMatchObject([
    {
      workspace_id: pat.workspaceId,
      limit_name: "messagesPerDay",
      used: 100,
      allowed: 100,
      actor_id: pat.userId,
      resets_at: resetsAt,
    },
  ]);
});

test("asking for room holds nobody up: the decision is written while the workspace's row is locked", async () => {
  const pat = await app.signUp();
  const first = await pat.post<Problem>("/api/v1/projects", { name: "Second" });
  expect(first).toMatchObject({
    status: 402,
    body: { code: "limit_reached", decision: { limit: "projects", used: 1, allowed: 1 } },
  });
});

test("Team has no limit on agents and projects, and nothing above it", async () => {
  const pat = await app.signUp({ plan: "team" });
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, index) => pat.post("/api/v1/projects", { name: `P${index}` })),
  );
  expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
  expect(nextPlanFor("team", "messagesPerDay")).toBeNull();
});

test("each limit of each plan is told in a sentence with its numbers", () => {
  for (const plan of plans) {
    for (const limit of ["messagesPerDay", "agents", "projects"] as const) {
      const allowed = plan.limits[limit];
      if (allowed === null) continue;
      const next = nextPlanFor(plan.id, limit);
      const sentence = limitSentence(limit, plan, allowed, next);
      expect(sentence).toContain(allowed.toLocaleString("en"));
      expect(sentence).toContain(plan.name);
      if (next) expect(sentence).toContain(next.name);
    }
  }
  expect(limitSentence("projects", planOf("free"), 1, planOf("pro"))).toBe(
    "The Free plan gives room for 1 project, and that is used. Pro gives room for 5 projects.",
  );
});

test("money in a refusal reads as on the pages: what was spent is rounded down, what was needed up, in the same digits", () => {
  const met = { allowed: 5_000, heldMicros: 0, resetsAt: new Date("2026-12-01T00:00:00Z") };
  expect(spendSentence({ ...met, used: 82, neededMicros: 5_121 }, planOf("free"), false)).toContain(
    "$0.000082 of the $0.005 of free AI until December 1 are used, and this answer could cost up to $0.0052.",
  );
  expect(spendSentence({ ...met, used: 9_996_000, allowed: 1e7, neededMicros: 4_001 }, planOf("pro"), true)).toContain(
    "$9.99 of the $10.00 that AI may cost until December 1 are used, and this answer could cost up to $0.0041.",
  );
});
