import type { Agent, Answer, ConversationSummary, Me, PlanFit, PlanId, Problem, Project } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { counted } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { makeCtx } from "../../context.ts";
import { fallTo } from "../../../test/fall-to.ts";
import { putPlanFit } from "./put-plan-fit.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const taught = { who: "A baker.", rules: "Be kind.", tricks: "We open at 8." };

/** Somebody on Pro with a first project of four agents and a second of one; A0 and A1 were asked, A0 last. */
async function onPro() {
  const pat = await app.signUp({ plan: "pro" });
  const { body: list } = await pat.get<{ items: Project[] }>("/api/v1/projects");
  const first = list.items[0]!.id;
  const { body: second } = await pat.post<Project>("/api/v1/projects", { name: "Second" });
  const agents: string[] = [];
  for (const [n, projectId] of [first, first, first, first, second.id].entries()) {
    agents.push((await pat.post<Agent>("/api/v1/agents", { ...taught, name: `A${n}`, projectId })).body.id);
  }
  for (const [n, ago] of [1, 2].entries()) {
    await app.db.operator.query("update agents set last_used_at = now() - $2 * interval '1 hour' where id = $1", [
      agents[n],
      ago,
    ]);
  }
  return { pat, first, second: second.id, agents };
}

const fitOf = async (client: Client, plan?: PlanId): Promise<PlanFit> =>
  (await client.get<PlanFit>(`/api/v1/plan-fit${plan ? `?plan=${plan}` : ""}`)).body;
const awake = ({ agents }: PlanFit): string[] =>
  agents
    .filter(({ frozen }) => !frozen)
    .map(({ name }) => name)
    .toSorted();
const audited = async ({ workspaceId }: Client, action: string) =>
  (
    await app.db.operator.query<{ actor_id: string; data: Record<string, unknown> }>(
      "select actor_id, data from audit_log where workspace_id = $1 and action = $2 order by created_at, id",
      [workspaceId, action],
    )
  ).rows;

test("what would fall asleep on a smaller plan can be seen before, and then it is so", async () => {
  const { pat, second } = await onPro();
  expect(await fitOf(pat)).toMatchObject({ plan: "pro", frozen: { agents: 0, projects: 0 } });
  const before = await fitOf(pat, "free");
  expect(before).toMatchObject({
    plan: "free",
    limits: { agents: 3, projects: 1 },
    frozen: { agents: 2, projects: 1 },
  });
  // Asked last, then asked before, then the newest of the others.
  expect(awake(before)).toEqual(["A0", "A1", "A3"]);
  expect(await fallTo(app, pat, "free")).toEqual({ agents: 2, projects: 1 });
  expect(await fitOf(pat)).toEqual(before);
  expect((await fitOf(pat, "pro")).frozen).toEqual({ agents: 0, projects: 0 });
  const [row] = await audited(pat, "plan.fitted");
  expect(row).toMatchObject({ data: { plan: "free", projects: { frozen: [second] }, agents: { thawed: [] } } });
  const { body: agents } = await pat.get<{ items: Agent[] }>("/api/v1/agents");
  expect(agents.items.map(({ name, frozen }) => [name, frozen])).toEqual([
    ["A4", true],
    ["A3", false],
    ["A2", true],
    ["A1", false],
    ["A0", false],
  ]);
  const { body: projects } = await pat.get<{ items: Project[] }>("/api/v1/projects");
  expect(projects.items.map(({ frozen, agentCount }) => [frozen, agentCount])).toEqual([
    [false, 4],
    [true, 1],
  ]);
});

test("a frozen agent can be read and deleted; chat, changes and copies are refused, and nothing is counted", async () => {
  const { pat, first, second, agents } = await onPro();
  const [live = "", , asleep = "", , away = ""] = agents;
  const key = { "idempotency-key": "asked-before" };
  const text = { text: "When do you open?" };
  const said = await pat.post<Answer>(`/api/v1/agents/${asleep}/messages`, text, key);
  expect(said.status).toBe(200);
  await app.db.operator.query("update agents set last_used_at = null where id = $1", [asleep]);
  await fallTo(app, pat, "free");

  const refused = await Promise.all([
    pat.post<Problem>(`/api/v1/agents/${asleep}/messages`, text),
    pat.post<Problem>(`/api/v1/agents/${asleep}/messages`, { ...text, conversationId: said.body.conversationId }),
    pat.post<Problem>(`/api/v1/agents/${away}/messages`, text),
    pat.patch<Problem>(`/api/v1/agents/${asleep}`, { name: "New" }),
    pat.patch<Problem>(`/api/v1/agents/${away}`, { projectId: first }),
    pat.post<Problem>(`/api/v1/agents/${asleep}/duplicate`),
  ]);
  expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [409, "agent_frozen"]));
  expect(refused[0]?.body.detail).toContain("The owner can choose which ones stay awake");
  const inProject = await Promise.all([
    pat.post<Problem>("/api/v1/agents", { ...taught, projectId: second }),
    pat.patch<Problem>(`/api/v1/agents/${live}`, { projectId: second }),
    pat.patch<Problem>(`/api/v1/projects/${second}`, { name: "New" }),
  ]);
  expect(inProject.map(({ status, body }) => [status, body.code])).toEqual(
    inProject.map(() => [409, "project_frozen"]),
  );
  expect(await counted(app, pat.workspaceId)).toBe(1);

  // What came before he fell asleep is still there, also by its key.
  expect((await pat.get<Agent>(`/api/v1/agents/${asleep}`)).body).toMatchObject({ ...taught, frozen: true });
  const { body: chats } = await pat.get<{ items: ConversationSummary[] }>(`/api/v1/agents/${asleep}/conversations`);
  expect(chats.items).toHaveLength(1);
  expect((await pat.get(`/api/v1/conversations/${said.body.conversationId}`)).status).toBe(200);
  const again = await pat.post<Answer>(`/api/v1/agents/${asleep}/messages`, text, key);
  expect([again.status, again.body.messageId]).toEqual([200, said.body.messageId]);

  expect((await pat.post(`/api/v1/agents/${live}/messages`, text)).status).toBe(200);
  expect((await pat.delete(`/api/v1/agents/${asleep}`)).status).toBe(204);
  expect((await pat.post<Agent>(`/api/v1/agents/${asleep}/restore`)).body).toMatchObject({ id: asleep, frozen: true });
});

test("only what is awake takes room: no fourth beside three; a deleted one makes room for one", async () => {
  const { pat, first, second, agents } = await onPro();
  const [live = "", , asleep = ""] = agents;
  await fallTo(app, pat, "free");
  const full = await pat.post<Problem>("/api/v1/agents", taught);
  expect(full).toMatchObject({ status: 402, body: { decision: { limit: "agents", used: 3, allowed: 3 } } });
  expect((await pat.post("/api/v1/projects", { name: "One more" })).status).toBe(402);
  const { body: limits } = await pat.get<{ agents: object }>("/api/v1/usage/limits");
  expect(limits.agents).toMatchObject({ used: 3, limit: 3 });

  await pat.delete(`/api/v1/agents/${live}`);
  expect(awake(await fitOf(pat))).toEqual(["A1", "A3"]);
  expect((await pat.post<Agent>(`/api/v1/agents/${live}/restore`)).body.frozen).toBe(false);
  await pat.delete(`/api/v1/agents/${live}`);
  const made = await pat.post<Agent>("/api/v1/agents", { ...taught, name: "New" });
  expect([made.status, made.body.projectId]).toEqual([201, first]);
  expect((await pat.post(`/api/v1/agents/${live}/restore`)).status).toBe(402);

  // Or it wakes the one who is chosen.
  await pat.delete(`/api/v1/agents/${made.body.id}`);
  const picked = await pat.put<PlanFit>("/api/v1/plan-fit", { projects: [first], agents: [asleep] });
  expect(awake(picked.body)).toEqual(["A1", "A2", "A3"]);

  // The only project that is awake stays; one that is asleep goes and comes back as it was.
  expect((await pat.delete<Problem>(`/api/v1/projects/${first}`)).body.code).toBe("last_project");
  expect((await pat.delete(`/api/v1/projects/${second}`)).status).toBe(204);
  expect((await pat.post<Project>(`/api/v1/projects/${second}/restore`)).body).toMatchObject({
    frozen: true,
    agentCount: 1,
  });
});

test("the owner picks, again and again; what is left of the room goes to those asked last", async () => {
  const { pat, first, second, agents } = await onPro();
  const [a0 = "", a1 = "", a2 = "", a3 = "", a4 = ""] = agents;
  await fallTo(app, pat, "free");
  const put = (body: object) => pat.put<PlanFit & Problem>("/api/v1/plan-fit", body);
  expect(awake((await put({ projects: [first], agents: [a2, a3] })).body)).toEqual(["A0", "A2", "A3"]);
  expect(awake((await put({ projects: [second], agents: [a4] })).body)).toEqual(["A4"]);
  expect(awake((await put({ projects: [first], agents: [a1, a1] })).body)).toHaveLength(3);

  const before = await fitOf(pat);
  const many = await put({ projects: [first], agents: [a0, a1, a2, a3] });
  expect(many).toMatchObject({ status: 400, body: { code: "too_many_picked" } });
  expect(many.body.detail).toContain("keeps 3 agents awake, and 4 are chosen");
  expect((await put({ projects: [first, second], agents: [] })).body.code).toBe("too_many_picked");
  expect((await put({ projects: [first], agents: [a4] })).body).toMatchObject({ code: "project_not_picked" });
  const other = await onPro();
  const theirs = await put({ projects: [first], agents: [other.agents[0]] });
  expect([theirs.status, (await put({ projects: [other.first], agents: [] })).status]).toEqual([404, 404]);
  await pat.delete(`/api/v1/agents/${a3}`);
  expect((await put({ projects: [first], agents: [a3] })).status).toBe(404);
  expect((await pat.post(`/api/v1/agents/${a3}/restore`)).status).toBe(200);
  expect(await fitOf(pat)).toEqual(before);
  const picks = await audited(pat, "plan.picked");
  expect(picks).toHaveLength(3);
  expect(picks[0]).toMatchObject({
    actor_id: pat.userId,
    data: { plan: "free", projects: [first], agents: [a2, a3] },
  });
});

test("who chooses before the plan ends has it so when it does, and again after an upgrade in between", async () => {
  const { pat, first, agents } = await onPro();
  const kept = agents.slice(1, 4);
  const chosen = await pat.put<PlanFit>("/api/v1/plan-fit", { plan: "free", projects: [first], agents: kept });
  expect(awake(chosen.body)).toEqual(["A1", "A2", "A3"]);
  expect((await fitOf(pat)).frozen).toEqual({ agents: 0, projects: 0 });
  for (const plan of ["free", "team", "free"] as const) {
    await fallTo(app, pat, plan);
    expect(awake(await fitOf(pat))).toEqual(plan === "team" ? ["A0", "A1", "A2", "A3", "A4"] : ["A1", "A2", "A3"]);
  }
});

test("everybody may look, only owner and admins may choose", async () => {
  const { pat, first } = await onPro();
  const base = { actor: { type: "user", userId: pat.userId }, workspaceId: pat.workspaceId, db: app.db } as const;
  const editor = makeCtx({ ...base, role: "editor" });
  await expect(putPlanFit(editor, { projects: [first], agents: [] })).rejects.toMatchObject({ status: 403 });
  const admin = makeCtx({ ...base, role: "admin" });
  await expect(putPlanFit(admin, { projects: [first], agents: [] })).resolves.toMatchObject({ plan: "pro" });
  expect((await pat.get<Me>("/api/v1/me")).body.workspace.plan).toBe("pro");
});

test("what is deleted while asleep comes back awake once nothing sleeps any more", async () => {
  const { pat, second, agents } = await onPro();
  await fallTo(app, pat, "free");
  await pat.delete(`/api/v1/agents/${agents[2]}`);
  await pat.delete(`/api/v1/projects/${second}`);
  await fallTo(app, pat, "pro");
  expect((await pat.post<Agent>(`/api/v1/agents/${agents[2]}/restore`)).body.frozen).toBe(false);
  expect((await pat.post<Project>(`/api/v1/projects/${second}/restore`)).body.frozen).toBe(false);
  expect((await pat.get<Agent>(`/api/v1/agents/${agents[4]}`)).body.frozen).toBe(false);
});

test("what is deleted awake comes back asleep into a project that fell asleep meanwhile", async () => {
  const { pat, agents } = await onPro();
  await pat.delete(`/api/v1/agents/${agents[4]}`);
  await fallTo(app, pat, "free");
  expect((await pat.post<Agent>(`/api/v1/agents/${agents[4]}/restore`)).body.frozen).toBe(true);
  await fallTo(app, pat, "pro");
  expect((await pat.get<Agent>(`/api/v1/agents/${agents[4]}`)).body.frozen).toBe(false);
});
