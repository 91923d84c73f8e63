import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { teach } from "../../../test/chat.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { recordOperation, vitalSigns } from "./index.ts";
import { judge } from "./vital-signs.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
afterEach(() => app.db.operator.query("delete from operations"));

const signs = async (production = false) =>
  new Map((await vitalSigns(app.db, { production, diskPath: tmpdir() })).map((sign) => [sign.name, sign]));
const ago = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
const backup = (ok: boolean, hours: number) =>
  recordOperation(app.db, { name: "backup", ok, detail: {}, startedAt: ago(hours) });
const certificate = (days: number, ok = true) =>
  recordOperation(app.db, { name: "certificate", ok, detail: { notAfter: ago(-24 * days) }, startedAt: new Date() });

test.each([
  ["queue", 119, "healthy"],
  ["queue", 120, "degraded"],
  ["queue", 900, "unhealthy"],
  ["backup", 29, "healthy"],
  ["backup", 30, "degraded"],
  ["backup", 72, "unhealthy"],
  ["restoreCheck", 7 * 24, "healthy"],
  ["restoreCheck", 8 * 24, "degraded"],
  ["restoreCheck", 15 * 24, "unhealthy"],
  ["certificate", 22, "healthy"],
  ["certificate", 21, "degraded"],
  ["certificate", 1, "unhealthy"],
  ["certificate", -3, "unhealthy"],
  ["disk", 4.1, "healthy"],
  ["disk", 4, "degraded"],
  ["disk", 1, "unhealthy"],
  ["strayRows", 0, "healthy"],
  ["strayRows", 1, "degraded"],
  ["strayRows", 1_000, "degraded"],
] as const)("%s at %d is %s", (name, value, status) => {
  expect(judge(name, value)).toMatchObject({ value, status });
});

test("at a desk nothing is said of backups and certificates, and the disk is the one that is named", async () => {
  const found = await signs();
  expect([...found.keys()]).toEqual(["queue", "disk", "strayRows"]);
  expect(found.get("disk")?.value).toBeGreaterThan(0);
});

describe("backups", () => {
  test("in production, none at all is as old as the installation, and never called unhealthy", async () => {
    expect((await signs(true)).get("backup")).toMatchObject({ status: "healthy" });
    await app.db.operator.query("update schema_migrations set ran_at = ran_at - interval '1 year'");
    for (const name of ["backup", "restoreCheck"] as const)
      expect((await signs(true)).get(name)).toMatchObject({ status: "degraded" });
    expect((await signs(true)).get("backup")?.value).toBeGreaterThan(8_000);
  });

  test("the newest that went well counts; one that failed since is told, as is that there never was a good one", async () => {
    await backup(true, 100);
    await backup(true, 5);
    expect((await signs()).get("backup")).toMatchObject({ value: expect.closeTo(5, 0), status: "healthy" });
    await backup(false, 1);
    expect((await signs()).get("backup")).toMatchObject({ value: expect.closeTo(5, 0), status: "degraded" });
    await backup(true, 0.5);
    expect((await signs()).get("backup")).toMatchObject({ value: expect.closeTo(0.5, 0), status: "healthy" });
    await app.db.operator.query("delete from operations where ok");
    expect((await signs()).get("backup")).toMatchObject({ status: "degraded" });
  });

  test("an old one is unhealthy", async () => {
    await backup(true, 73);
    expect((await signs()).get("backup")).toMatchObject({ status: "unhealthy" });
  });

  test("restores that were tried have their own age", async () => {
    await recordOperation(app.db, { name: "restore_check", ok: true, detail: {}, startedAt: ago(9 * 24) });
    expect((await signs()).get("restoreCheck")).toMatchObject({ value: expect.closeTo(216, 0), status: "degraded" });
  });
});

describe("the certificate", () => {
  test("counts its days to the end of the one that is served, as last seen", async () => {
    await certificate(60);
    expect((await signs()).get("certificate")).toMatchObject({ value: expect.closeTo(60, 0), status: "healthy" });
    await certificate(80, false);
    expect((await signs()).get("certificate")).toMatchObject({ status: "degraded" });
  });

  test("that nothing is known of is told", async () => {
    await recordOperation(app.db, { name: "certificate", ok: false, detail: {}, startedAt: new Date() });
    expect((await signs()).get("certificate")).toMatchObject({ status: "unhealthy" });
  });
});

test("a row that no month had room for is told", async () => {
  const pat = await app.signUp();
  const { id } = await teach(pat);
  await app.db.operator.query(
    `with talk as (
      insert into conversations (id, workspace_id, agent_id, title) values (gen_random_uuid(), $1, $2, 'Talk') returning id
    )
    insert into messages (id, workspace_id, conversation_id, role, text, state)
    select 'ffffffff-ffff-7fff-8fff-ffffffffffff', $1, id, 'user', 'Hello', 'complete' from talk`,
    [pat.workspaceId, id],
  );
  expect((await signs()).get("strayRows")).toMatchObject({ value: 1, status: "degraded" });
});
