import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { asOperator } from "../../db/client.ts";
import {
  beginOperation,
  endOperation,
  lastOperations,
  queueFailedMail,
  recordOperation,
  unendedOperations,
} from "./index.ts";

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

test("what began and never ended is no outcome, and is found; once it ended it is one", async () => {
  const startedAt = new Date();
  const id = await beginOperation(app.db, { name: "restore_check", startedAt });
  const ended = async () => (await lastOperations(app.db)).filter(({ name }) => name === "restore_check");
  expect(await ended()).toEqual([]);
  expect(await unendedOperations(app.db, "restore_check")).toEqual([{ id, startedAt }]);
  expect(await unendedOperations(app.db, "backup")).toEqual([]);
  await asOperator(app.db, (tx) => endOperation(tx, id, { ok: true, detail: { rows: 1 } }));
  expect(await ended()).toEqual([
    { name: "restore_check", ok: true, detail: { rows: 1 }, startedAt, endedAt: expect.any(Date) as Date },
  ]);
  expect(await unendedOperations(app.db, "restore_check")).toEqual([]);
});

test("a failure is told to every operator once a day, another one again", async () => {
  const tell = (error: string, startedAt: string) =>
    asOperator(app.db, (tx) =>
      queueFailedMail(
        tx,
        { operators: "Ann@example.org, ben@example.org", publicUrl: "https://charlie.example.org" },
        { name: "backup", error, startedAt: new Date(startedAt) },
      ),
    );
  expect(await tell("upload: 403 after 12 bytes", "2026-11-22T02:00:00Z")).toBe(2);
  await tell("upload: 403 after 99 bytes", "2026-11-22T03:00:00Z");
  await tell("dump: pg_dump is not there", "2026-11-22T04:00:00Z");
  await tell("dump: pg_dump is not there", "2026-11-23T02:00:00Z");
  const { rows } = await app.db.operator.query(
    "select recipient, text from mails where dedupe_key like 'backup-failed:%' order by recipient, id",
  );
  expect(rows.map(({ recipient }) => recipient)).toEqual([
    ...Array<string>(3).fill("ann@example.org"),
    ...Array<string>(3).fill("ben@example.org"),
  ]);
  expect(rows[0].text).toContain("upload: 403 after 12 bytes");
  expect(rows[0].text).toContain("https://charlie.example.org/admin/launch");
});
