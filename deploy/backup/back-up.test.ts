import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { beginOperation, lastOperations } from "../../server/src/features/launch/index.ts";
import { startTestApp, type TestApp } from "../../server/test/harness.ts";
import { backUp, keepTimetable } from "./back-up.ts";
import { keysOfBackups, readManifest, wholeBackups } from "./manifest.ts";
import type { Run } from "./run.ts";
import { makeKeyPair, withIdentityFile } from "./sealed.ts";
import { standInPrograms } from "./test/programs.ts";
import { startStore, type Store } from "./test/store.ts";
import { testRun } from "./test/run.ts";

// Fault 13, as far as it goes without PostgreSQL's own programs: whatever fails is a failed backup, written down and told.
// The real programs, and restores: deploy/test/backup.test.ts.

let app: TestApp;
let store: Store;
beforeAll(async () => {
  app = await startTestApp();
  store = await startStore();
});
afterAll(async () => {
  await Promise.all(runs.map(({ db }) => db.close()));
  await store.close();
  await app.close();
});
afterEach(async () => {
  Object.assign(store, { refuse: [], cutOff: 0, onRequest: () => {} });
  await app.db.operator.query("delete from operations");
  await app.db.operator.query("delete from mails");
});

const runs: Run[] = [];
const run = (options: Partial<Parameters<typeof testRun>[1]> = {}): Run => {
  const made = testRun(store, { databaseUrl: app.databaseUrl, path: standInPrograms(), ...options });
  runs.push(made);
  return made;
};

/** Expects that this run fails for this reason, that it is known everywhere, and that there is no new backup. */
async function expectFailure(failing: Run, why: RegExp): Promise<void> {
  const refused = store.refuse;
  store.refuse = [];
  const before = wholeBackups(await failing.storage.list());
  store.refuse = refused;
  expect(await backUp(failing, { check: false })).toBe(false);
  expect(await lastOperations(app.db)).toEqual([
    expect.objectContaining({ name: "backup", ok: false, detail: { error: expect.stringMatching(why) as string } }),
  ]);
  const { rows } = await app.db.operator.query("select recipient, subject, text, sent_at from mails");
  expect(rows).toEqual([
    expect.objectContaining({
      recipient: "ann@example.org",
      subject: "The backup failed",
      text: expect.stringMatching(why) as string,
    }),
  ]);
  const jobs = await app.db.operator.query(
    "select from graphile_worker.jobs where task_identifier = 'send-mail' and created_at > now() - interval '1 minute'",
  );
  expect(jobs.rowCount).toBeGreaterThan(0);
  store.refuse = [];
  expect(wholeBackups(await failing.storage.list())).toEqual(before);
}

test("all well: it counts, says how much it is, and the operator's key opens its manifest", async () => {
  const operators = await makeKeyPair(run());
  const fine = run({ recipient: operators.recipient });
  expect(await backUp(fine, { check: false })).toBe(true);
  const [name = ""] = wholeBackups(await fine.storage.list());
  const manifest = await withIdentityFile(operators.identity, (file) => readManifest(fine, name, file));
  expect(manifest).toMatchObject({ name, major: 17, files: { "database.dump.age": { plain: { bytes: 300_000 } } } });
  expect(await lastOperations(app.db)).toEqual([
    expect.objectContaining({ ok: true, detail: expect.objectContaining({ backup: name, removed: 0 }) as object }),
  ]);
  expect((await app.db.operator.query("select from mails")).rowCount).toBe(0);
});

test("pg_dump is of another version than the server", () =>
  expectFailure(
    run({ path: standInPrograms({ version: 15 }) }),
    /versions: pg_dump is of PostgreSQL 15, and the server of 17/,
  ));

test("pg_dump breaks off half-way", () =>
  expectFailure(
    run({ path: standInPrograms({ dump: "head -c 20000000 /dev/zero; echo 'no space left' >&2; exit 1" }) }),
    /dump: pg_dump ended with 1: no space left/,
  ));

test("pg_dump is killed half-way", () =>
  expectFailure(
    run({ path: standInPrograms({ dump: "head -c 20000000 /dev/zero; kill -9 $$" }) }),
    /dump: pg_dump was ended by SIGKILL/,
  ));

test("the dump is empty", () => expectFailure(run({ path: standInPrograms({ dump: ":" }) }), /the database is empty/));

test("PostgreSQL's own program cannot read the dump back", () =>
  expectFailure(
    run({ path: standInPrograms({ restore: "echo 'could not read from input file: end of file' >&2; exit 1" }) }),
    /read back: pg_restore ended with 1: could not read from input file/,
  ));

test("the store says 403 to writing", async () => {
  store.refuse = ["PUT", "POST"];
  await expectFailure(run(), /globals: the store refused to keep .*globals\.sql\.age: AccessDenied \(403\)/);
});

test("the store says 403 to reading", async () => {
  // The list is read as well, but only once the backup itself was.
  store.refuse = ["GET"];
  await expectFailure(run(), /read back: the store refused to give .*globals\.sql\.age: AccessDenied \(403\)/);
});

test("the store has lost the end of what it was given", async () => {
  store.cutOff = 50;
  await expectFailure(run(), /read back: /);
});

test("a run that was killed is known as failed to the next, which goes well; and told", async () => {
  await beginOperation(app.db, { name: "backup", startedAt: new Date("2026-11-21T02:00:00Z") });
  expect(await lastOperations(app.db)).toEqual([]);
  expect(await backUp(run(), { check: false })).toBe(true);
  const last = await lastOperations(app.db);
  expect(last.map(({ ok }) => ok)).toEqual([false, true]);
  expect(last[0]?.detail["error"]).toContain("it was killed");
  const { rows } = await app.db.operator.query("select text from mails");
  expect(rows).toHaveLength(1);
  expect(rows[0].text).toContain("began on 2026-11-21 at 02:00 UTC");
});

test("while one is made another does not begin, and harms nothing", async () => {
  let other: Promise<unknown> | undefined;
  store.onRequest = () => {
    other ??= backUp(run(), { check: false }).catch(String);
  };
  expect(await backUp(run(), { check: false })).toBe(true);
  expect(await other).toContain("Another backup is being made on this database; this one did not begin.");
  expect((await app.db.operator.query("select from operations")).rowCount).toBe(1);
});

test("old ones are removed after a good one only; credentials that may not delete are no failure, and it says so", async () => {
  const fine = run();
  const old = "2026-01-01T02-00-00.000Z/manifest.json.age";
  const putOld = () => fine.storage.put(old, Readable.from([Buffer.from("old")]));
  await putOld();
  // Of point-in-time recovery, in the same bucket: nobody asks for these to be listed.
  await fine.storage.put("pitr/archive.info", Readable.from([Buffer.from("theirs")]));
  expect(await keysOfBackups(fine)).toContain(old);
  expect(await keysOfBackups(fine)).not.toContain("pitr/archive.info");
  await backUp(run({ path: standInPrograms({ version: 15 }) }), { check: false });
  expect(await fine.storage.list()).toContain(old);
  store.refuse = ["DELETE"];
  expect(await backUp(fine, { check: false })).toBe(true);
  expect(await fine.storage.list()).toContain(old);
  const kept = (await lastOperations(app.db)).find(({ ok }) => ok);
  expect(kept?.detail).toMatchObject({ oldFiles: 1, kept: expect.stringContaining("may not delete") as string });
  store.refuse = [];
  expect(await backUp(fine, { check: false })).toBe(true);
  expect(await fine.storage.list()).not.toContain(old);
});

test("the timetable makes one when it is due and not again; told to stop, a run ends as failed and nothing is left", async () => {
  const stop = new AbortController();
  const first = { ...run(), signal: stop.signal };
  const kept = keepTimetable(first);
  await expect
    .poll(async () => (await lastOperations(app.db)).map(({ ok }) => ok), { timeout: 20_000 })
    .toContain(true);
  stop.abort();
  await kept;
  // Made just now: another start of the container makes none.
  const again = new AbortController();
  let asked = 0;
  store.onRequest = () => {
    asked += 1;
  };
  const second = keepTimetable({ ...run(), signal: again.signal });
  again.abort();
  await second;
  expect(asked).toBe(0);

  await app.db.operator.query("delete from operations");
  const midway = new AbortController();
  store.onRequest = (line) => {
    if (line.includes("database.dump.age")) midway.abort();
  };
  await keepTimetable({ ...run(), signal: midway.signal });
  const last = await lastOperations(app.db);
  expect(last.map(({ name, ok }) => [name, ok])).toEqual([["backup", false]]);
  expect(last[0]?.detail["error"]).toMatch(/told to stop/);
});
