import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { startTestApp, type TestApp } from "../../../../test/harness.ts";
import { examine, failed, ok } from "../../../../test/launch.ts";
import { startRecorder } from "../../../../test/stand-ins/recorder.ts";
import { recordOperation } from "../operations.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(() => app.db.operator.query("delete from operations"));

const look = (id: string, env: Record<string, string> = {}) => examine(id, { DATABASE_URL: app.databaseUrl, ...env });
const key = (fill: number): string => Buffer.alloc(32, fill).toString("base64url");

test("the encryption key opens what is stored, or customers would lose it", async () => {
  // What the harness encrypts with.
  const ours = key(7);
  expect(await look("settings.encryption", { ENCRYPTION_KEY: ours })).toEqual(ok("opens all 0 stored keys"));
  const provider = await startRecorder(() => ({ status: 200, json: { data: [{ id: "good-dog" }] } }));
  onTestFinished(() => provider.close());
  const pat = await app.signUp();
  const body = { key: "a-key-1234", baseUrl: provider.url };
  expect((await pat.put("/api/v1/ai-keys/compatible", body)).status).toBe(200);
  expect(await look("settings.encryption", { ENCRYPTION_KEY: ours })).toEqual(ok("opens all 1 stored keys"));
  expect(await look("settings.encryption", { ENCRYPTION_KEY: key(9) })).toEqual(
    failed("1 of 1 stored keys cannot be opened", "Put that one back"),
  );
});

test("a key of another length, and a placeholder", async () => {
  expect(await look("settings.encryption", { ENCRYPTION_KEY: "q8Zk03mX" })).toEqual(failed("must be 32 bytes"));
  expect(await look("settings.encryption", { ENCRYPTION_KEY: "changeme" })).toEqual(failed("is a placeholder"));
});

test("settings that no service is asked about are understood, or named", async () => {
  expect(await look("settings.rest")).toEqual(ok("were looked at"));
  expect(await look("settings.rest", { PORT: "99999", TERMS_URL: "javascript:alert(1)" })).toEqual(
    failed("TERMS_URL must be an address"),
  );
});

describe("what was done lately", () => {
  const record = (name: "backup" | "restore_check" | "certificate", good: boolean, daysAgo = 0, detail = {}) =>
    recordOperation(app.db, { name, ok: good, detail, startedAt: new Date() }).then(() =>
      app.db.operator.query(
        `update operations set ended_at = now() - $2 * interval '1 day'
         where id = (select id from operations where name = $1 order by id desc limit 1)`,
        [name, daysAgo],
      ),
    );

  test("never so far is not done yet", async () => {
    for (const name of ["backup", "restore_check", "certificate"])
      expect(await look(`lately.${name}`)).toMatchObject({ state: "missing", found: "never so far" });
  });

  test.each([
    ["backup", 0.9, 1.2],
    ["restore_check", 7.5, 8.5],
    ["certificate", 1.5, 2.5],
  ] as const)("%s: in time, too long ago, failed, well again", async (name, inTime, tooLong) => {
    await record(name, true, tooLong);
    expect(await look(`lately.${name}`)).toEqual(failed("the last good one was", "log"));
    await record(name, true, inTime);
    expect(await look(`lately.${name}`)).toEqual(ok("went well"));
    await record(name, false, inTime / 2, { error: "no room on the disk" });
    expect(await look(`lately.${name}`)).toEqual(failed("the last one failed, "));
    expect((await look(`lately.${name}`)).found).toContain("no room on the disk");
    await record(name, true);
    expect(await look(`lately.${name}`)).toEqual(ok("went well within the last hour"));
  });

  test("where only the service backup has the key, what it wrote down tells", async () => {
    for (const id of ["backups.store", "backups.recipient"]) {
      expect(await look(id)).toMatchObject({ state: "missing", found: expect.stringContaining("not set") as string });
    }
    await record("backup", true);
    for (const id of ["backups.store", "backups.recipient"])
      expect(await look(id)).toEqual(ok("only the service backup has it"));
    expect(await look("backups.store", { BACKUP_S3_BUCKET: "b" })).toMatchObject({
      state: "missing",
      found: "BACKUP_S3_ENDPOINT, BACKUP_S3_ACCESS_KEY_ID, BACKUP_S3_SECRET_ACCESS_KEY not set",
    });
  });
});

test("backups are encrypted for a key of age", async () => {
  // The specification's own example.
  const good = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
  expect(await look("backups.recipient", { BACKUP_AGE_RECIPIENT: good })).toEqual(ok("one key"));
  expect(await look("backups.recipient", { BACKUP_AGE_RECIPIENT: good.replace("ql3", "q13") })).toEqual(failed("age"));
  expect(await look("backups.recipient", { BACKUP_AGE_RECIPIENT: good.replace("z7h", "zh7") })).toEqual(
    failed("no public key of age", "npm run setup"),
  );
});
