import type { BookAudit, CustomerDecision, Problem } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";
import { auditBooks } from "./audit-books.ts";

let app: TestApp;
let boss: Client;
let pat: Client;
beforeAll(async () => {
  app = await startTestApp({ env: operatorEnv });
  boss = await signUpOperator(app);
  pat = await app.signUp();
});
afterAll(() => app.close());

test("a refusal is found by the id that the customer was given, with the customer", async () => {
  const refused = await pat.post<Problem>("/api/v1/projects", { name: "One too many" });
  expect(refused.status).toBe(402);
  const id = refused.body.decision?.id ?? "";
  const path = (decision: string) => `/api/v1/admin/decisions/${decision}`;
  const { body: own } = await pat.get<object>(`/api/v1/decisions/${id}`);
  const found = await boss.get<CustomerDecision>(path(id));
  expect([found.status, found.body]).toEqual([
    200,
    { ...own, customer: { id: pat.workspaceId, name: expect.any(String) } },
  ]);
  // As a member, the operator finds only what their own workspace was refused.
  expect((await boss.get(`/api/v1/decisions/${id}`)).status).toBe(404);
  expect((await boss.get(path(pat.workspaceId))).status).toBe(404);
  expect((await pat.get(path(id))).status).toBe(404);
});

test("the books agree, and where a counter is wrong it is named with both numbers", async () => {
  const path = "/api/v1/admin/audit";
  const lesson = { name: "Bo", who: "A baker.", rules: "", tricks: "We open at 8." };
  const { body: agent } = await pat.post<{ id: string }>("/api/v1/agents", lesson);
  expect((await pat.post(`/api/v1/agents/${agent.id}/messages`, { text: "When do you open?" })).status).toBe(200);
  const { body: sound } = await boss.get<BookAudit>(path);
  expect(sound).toEqual({ differences: [], differenceCount: 0, answers: 1, workspaces: 2, outsideMonths: 0 });
  await app.db.operator.query(
    "update usage_metrics set value = value + 6 where metric_type = 'messages' and workspace_id = $1",
    [pat.workspaceId],
  );
  const { body: wrong } = await boss.get<BookAudit>(path);
  expect(wrong.differenceCount).toBe(wrong.differences.length);
  expect(wrong.differences).toContainEqual(
    expect.objectContaining({ invariant: "messages_counter", workspaceId: pat.workspaceId, expected: 1, found: 7 }),
  );
  expect((await pat.get(path)).status).toBe(404);
});

test("where the books take too long to check, it says what to do instead", async () => {
  const holder = await app.db.operator.connect();
  try {
    await holder.query("begin");
    await holder.query("lock table usage_metrics in access exclusive mode");
    const asked = auditBooks({ ...app.ctxOf(boss), operator: true }, 100);
    await expect(asked).rejects.toMatchObject({ status: 503, code: "audit_too_long" });
  } finally {
    await holder.query("rollback");
    holder.release();
  }
});
