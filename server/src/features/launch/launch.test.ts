import type { Launch } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";
import { recordOperation } from "./index.ts";

let app: TestApp;
let boss: Client;
beforeAll(async () => {
  app = await startTestApp({ env: operatorEnv });
  boss = await signUpOperator(app);
});
afterAll(() => app.close());

const path = "/api/v1/admin/launch";
const launch = async () => (await boss.get<Launch>(path)).body;

test("before anybody looked there is nothing to show", async () => {
  expect(await launch()).toEqual({ checked: null, operations: [] });
});

test("the button looks at everything, and the page shows what was found until the next time", async () => {
  const { status, body } = await boss.post<Launch>(`${path}/check`);
  expect(status).toBe(200);
  const { checked } = body;
  expect(checked).toMatchObject({ ready: false });
  const stateOf = (id: string) => checked?.checks.find((check) => check.id === id)?.state;
  expect(stateOf("database.version")).toBe("ok");
  expect(stateOf("database.role")).toBe("ok");
  expect(stateOf("stripe.account")).toBe("missing");
  expect(stateOf("watching.sentry")).toBe("unused");
  expect(stateOf("lately.backup")).toBe("missing");
  expect(await launch()).toEqual(body);
});

test("of backup, restore check and certificate it tells how each ended last, and when it last went well", async () => {
  const startedAt = new Date();
  await recordOperation(app.db, { name: "backup", ok: true, detail: { bytes: 1 }, startedAt });
  // Both can end within a millisecond.
  await app.db.operator.query("update operations set ended_at = ended_at - interval '1 hour' where name = 'backup'");
  await recordOperation(app.db, { name: "backup", ok: false, detail: { error: "no room" }, startedAt });
  await recordOperation(app.db, { name: "certificate", ok: true, detail: {}, startedAt });
  const { operations } = await launch();
  expect(operations.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
    ["backup", false, { error: "no room" }],
    ["certificate", true, {}],
  ]);
  const [backup, certificate] = operations;
  expect(Date.parse(backup?.lastWellAt ?? "")).toBeLessThan(Date.parse(backup?.endedAt ?? ""));
  expect(certificate?.lastWellAt).toBe(certificate?.endedAt);
});
