import type { Me } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ env: operatorEnv });
});
afterAll(() => app.close());

const customers = "/api/v1/admin/customers";

test("whoever has a confirmed address in OPERATOR_EMAILS runs the service, in whatever letters it is written", async () => {
  const boss = await app.signUp({ email: "The-Boss@Example.org", confirmed: false });
  const confirm = (verified: boolean) =>
    app.db.operator.query("update users set email_verified = $2 where id = $1", [boss.userId, verified]);
  const asked = async () => ({
    operator: (await boss.get<Me>("/api/v1/me")).body.operator,
    status: (await boss.get(customers)).status,
  });
  // Anybody can sign up with anybody's address.
  expect(await asked()).toEqual({ operator: false, status: 404 });
  await confirm(true);
  expect(await asked()).toEqual({ operator: true, status: 200 });
  await confirm(false);
  expect(await asked()).toEqual({ operator: false, status: 404 });
});

test("to everybody else it is not there", async () => {
  const pat = await app.signUp();
  expect((await pat.get<Me>("/api/v1/me")).body.operator).toBe(false);
  const nowhere = await pat.get<{ requestId: string }>("/api/v1/nowhere");
  for (const somebody of [pat, app.stranger()]) {
    const answer = await somebody.get<{ requestId: string }>(customers);
    expect({ ...answer.body, requestId: "" }).toEqual({ ...nowhere.body, requestId: "" });
    // Not even a request that makes no sense tells that there is something.
    expect((await somebody.post(`${customers}/x/y`)).status).toBe(404);
    expect((await somebody.get(`${customers}?limit=0`)).status).toBe(404);
  }
});

test("without the setting nobody runs the service, except at a desk the demo account", async () => {
  const demo = { email: "demo@example.org", password: "demo" };
  const [none, desk] = [await startTestApp(), await startTestApp({ deps: { demo } })];
  try {
    const statuses = await Promise.all(
      [none, desk].map(async (each) => (await (await each.signUp({ email: demo.email })).get(customers)).status),
    );
    expect(statuses).toEqual([404, 200]);
  } finally {
    await Promise.all([none.close(), desk.close()]);
  }
});

test("a new operator signs up and finds nothing yet but themselves", async () => {
  const fresh = await startTestApp({ env: operatorEnv });
  try {
    const boss = await signUpOperator(fresh);
    const { body } = await boss.get<{ items: { id: string; status: string }[] }>(customers);
    expect(body.items).toMatchObject([{ id: boss.workspaceId, status: "none", plan: "free", mrrMicros: 0 }]);
    for (const path of ["events", "differences"])
      expect((await boss.get(`/api/v1/admin/${path}`)).body).toEqual({ items: [], nextCursor: null });
    expect((await boss.get("/api/v1/admin/reconciliation")).body).toEqual({ latest: null });
    expect((await boss.get("/api/v1/admin/revenue")).body).toMatchObject({ mrrMicros: 0, payers: 0, plans: [] });
  } finally {
    await fresh.close();
  }
});
