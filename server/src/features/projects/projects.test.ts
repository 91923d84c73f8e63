import type { Agent, Me, Problem, Project } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const taught = { who: "A baker.", rules: "Be kind.", tricks: "We open at 8." };

test("a new person has a workspace on Free with one project", async () => {
  const pat = await app.signUp();
  const { body: me } = await pat.get<Me>("/api/v1/me");
  expect(me.workspace).toMatchObject({ plan: "free", role: "owner", name: "Pat’s workspace" });
  const { body } = await pat.get<{ items: Project[] }>("/api/v1/projects");
  expect(body.items).toMatchObject([{ name: "My first project", agentCount: 0 }]);
});

test("of many parallel requests exactly as many agents are made as the plan has room for", async () => {
  const pat = await app.signUp();
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => pat.post<Agent & Problem>("/api/v1/agents", taught)),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
  const refused = answers.filter(({ status }) => status === 402);
  expect(refused).toHaveLength(9);
  expect(refused[0]?.body).toMatchObject({
    code: "limit_reached",
    decision: {
      limit: "agents",
      plan: "free",
      used: 3,
      allowed: 3,
      next: { plan: "pro", allowed: 10, monthlyCents: 2900 },
    },
  });
  const { rows } = await app.db.operator.query("select * from decisions where id = $1", [
    refused[0]?.body.decision?.id,
  ]);
  expect(rows).toHaveLength(1);
});

test("of many parallel requests one project too many is made on no plan", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const answers = await Promise.all(
    Array.from({ length: 9 }, (_, n) => pat.post("/api/v1/projects", { name: `P${n}` })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
});

test("deleting makes room, and undoing brings back what was there, within the limit", async () => {
  const pat = await app.signUp();
  const made = await Promise.all([1, 2, 3].map(() => pat.post<Agent>("/api/v1/agents", taught)));
  const id = made[0]?.body.id ?? "";
  expect((await pat.delete(`/api/v1/agents/${id}`)).status).toBe(204);
  expect((await pat.get(`/api/v1/agents/${id}`)).status).toBe(404);
  const restored = await pat.post<Agent>(`/api/v1/agents/${id}/restore`);
  expect(restored.body).toMatchObject({ id, ...taught });
  await pat.delete(`/api/v1/agents/${id}`);
  expect((await pat.post("/api/v1/agents", taught)).status).toBe(201);
  expect((await pat.post(`/api/v1/agents/${id}/restore`)).status).toBe(402);
});

test("pressing Undo twice at once restores once and sells nothing; what never was is not found", async () => {
  const pat = await app.signUp();
  const made = await Promise.all([1, 2, 3].map(() => pat.post<Agent>("/api/v1/agents", taught)));
  const id = made[0]?.body.id ?? "";
  await pat.delete(`/api/v1/agents/${id}`);
  const twice = await Promise.all([1, 2].map(() => pat.post<Agent>(`/api/v1/agents/${id}/restore`)));
  expect(twice.map(({ status, body }) => [status, body.id])).toEqual([
    [200, id],
    [200, id],
  ]);
  const nowhere = "/00000000-0000-7000-8000-000000000000/restore";
  expect((await pat.post(`/api/v1/agents${nowhere}`)).status).toBe(404);
  expect((await pat.post(`/api/v1/projects${nowhere}`)).status).toBe(404);
});

test("whatever races with a project's deletion, no live agent is left in a deleted project", async () => {
  const pat = await app.signUp({ plan: "team" });
  const { body: other } = await pat.post<Agent>("/api/v1/agents", taught);
  for (let round = 0; round < 8; round++) {
    const { body: project } = await pat.post<Project>("/api/v1/projects", { name: "Short-lived" });
    const { body: agent } = await pat.post<Agent>("/api/v1/agents", { ...taught, projectId: project.id });
    await Promise.all([
      pat.post("/api/v1/agents", { ...taught, projectId: project.id }),
      pat.post(`/api/v1/agents/${agent.id}/duplicate`),
      pat.patch(`/api/v1/agents/${other.id}`, { projectId: project.id }),
      pat.delete(`/api/v1/projects/${project.id}`),
    ]);
    await pat.post(`/api/v1/agents/${other.id}/restore`);
  }
  const { rows } = await app.db.operator.query(
    `select a.id from agents a join projects p on p.id = a.project_id
     where a.workspace_id = $1 and a.deleted_at is null and p.deleted_at is not null`,
    [pat.workspaceId],
  );
  expect(rows).toEqual([]);
});

test("a project goes and comes back with its agents; the last one stays", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const { body: project } = await pat.post<Project>("/api/v1/projects", { name: "Shop" });
  const { body: agent } = await pat.post<Agent>("/api/v1/agents", { ...taught, projectId: project.id });
  expect((await pat.delete(`/api/v1/projects/${project.id}`)).status).toBe(204);
  expect((await pat.get(`/api/v1/agents/${agent.id}`)).status).toBe(404);
  const { body: left } = await pat.get<{ items: Project[] }>("/api/v1/projects");
  expect((await pat.delete<Problem>(`/api/v1/projects/${left.items[0]?.id}`)).body.code).toBe("last_project");
  expect((await pat.post<Project>(`/api/v1/projects/${project.id}/restore`)).body.agentCount).toBe(1);
  expect((await pat.get(`/api/v1/agents/${agent.id}`)).status).toBe(200);
});

test("an agent is renamed, moved, taught anew and copied; its flow is the one place its answers live", async () => {
  const pat = await app.signUp({ plan: "pro" });
  const { body: shop } = await pat.post<Project>("/api/v1/projects", { name: "Shop" });
  const { body: agent } = await pat.post<Agent>("/api/v1/agents", taught);
  const change = { name: "Bello", projectId: shop.id, rules: "Be brief." };
  const { body: changed } = await pat.patch<Agent>(`/api/v1/agents/${agent.id}`, change);
  expect(changed).toMatchObject({ ...taught, ...change });
  expect(changed.flow.steps).toContainEqual({
    id: "instructions",
    type: "instructions",
    who: taught.who,
    rules: "Be brief.",
  });
  const { body: copy } = await pat.post<Agent>(`/api/v1/agents/${agent.id}/duplicate`);
  expect(copy).toMatchObject({ name: "Bello (copy)", rules: "Be brief.", projectId: shop.id });
  const { body: second } = await pat.post<Agent>(`/api/v1/agents/${copy.id}/duplicate`);
  expect(second.name).toBe("Bello (copy 2)");
});

test("changes to different answers at once do not undo each other", async () => {
  const pat = await app.signUp();
  const { body: agent } = await pat.post<Agent>("/api/v1/agents", taught);
  const path = `/api/v1/agents/${agent.id}`;
  await Promise.all([
    pat.patch(path, { who: "W" }),
    pat.patch(path, { rules: "R" }),
    pat.patch(path, { tricks: "T" }),
    pat.patch(path, { name: "N" }),
  ]);
  expect((await pat.get<Agent>(path)).body).toMatchObject({ who: "W", rules: "R", tricks: "T", name: "N" });
});

test("the same Idempotency-Key 20 times at once makes one agent, and all get its answer", async () => {
  const pat = await app.signUp();
  const key = { "idempotency-key": "make-it-once" };
  const answers = await Promise.all(Array.from({ length: 20 }, () => pat.post<Agent>("/api/v1/agents", taught, key)));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  const { body } = await pat.get<{ items: Agent[] }>("/api/v1/agents");
  expect(body.items).toHaveLength(1);
  const other = await pat.post<Problem>("/api/v1/agents", { ...taught, name: "Other" }, key);
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
});

test("lists come in pages that neither skip nor repeat", async () => {
  const pat = await app.signUp({ plan: "pro" });
  for (let n = 0; n < 7; n++) await pat.post("/api/v1/agents", { ...taught, name: `A${n}` });
  const names: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { body }: { body: { items: Agent[]; nextCursor: string | null } } = await pat.get(
      `/api/v1/agents?limit=3${cursor && `&cursor=${cursor}`}`,
    );
    names.push(...body.items.map(({ name }) => name));
    cursor = body.nextCursor;
  }
  expect(names).toEqual(["A6", "A5", "A4", "A3", "A2", "A1", "A0"]);
  // No cursor, not one of ours, and one of ours with another place in it.
  const forged = Buffer.from('["no uuid"]').toString("base64url");
  for (const list of ["agents", "projects"]) {
    for (const wrong of ["nonsense", forged]) {
      expect((await pat.get<Problem>(`/api/v1/${list}?cursor=${wrong}`)).body.code).toBe("invalid_cursor");
    }
  }
});

test("what breaks a rule is refused with the field's name, and nothing is made", async () => {
  const pat = await app.signUp();
  const long = await pat.post<Problem>("/api/v1/agents", { ...taught, tricks: "x".repeat(8_001) });
  expect(long).toMatchObject({ status: 400, body: { code: "invalid_input", fields: [{ path: "tricks" }] } });
  const nul = await pat.post<Problem>("/api/v1/agents", { ...taught, who: "a\u0000b" });
  expect(nul.status).toBe(400);
  const half = await pat.post<Problem>("/api/v1/agents", { ...taught, who: "half a \ud83d character" });
  expect(half.status).toBe(400);
  const huge = await pat.post<Problem>("/api/v1/agents", { ...taught, tricks: "x".repeat(300_000) });
  expect(huge).toMatchObject({ status: 413, body: { code: "too_large" } });
  expect((await pat.get<{ items: Agent[] }>("/api/v1/agents")).body.items).toEqual([]);
});
