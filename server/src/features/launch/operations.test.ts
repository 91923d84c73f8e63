import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { lastOperations, recordOperation } from "./index.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

test("of each operation the last outcome is known, and the last that went well", async () => {
  const startedAt = new Date();
  for (const [ok, bytes] of [
    [true, 1],
    [true, 2],
    [false, 3],
  ] as const) {
    await recordOperation(app.db, { name: "backup", ok, detail: { bytes }, startedAt });
  }
  await recordOperation(app.db, { name: "certificate", ok: true, detail: {}, startedAt });
  const last = await lastOperations(app.db);
  expect(last.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
    ["backup", false, { bytes: 3 }],
    ["backup", true, { bytes: 2 }],
    ["certificate", true, {}],
  ]);
});

test("a workspace's role cannot read them", async () => {
  await expect(app.db.app.query("select * from operations")).rejects.toThrow("permission denied");
});
