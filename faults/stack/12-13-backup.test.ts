import { afterAll, beforeAll, expect, test } from "vitest";
import { auditEverything } from "../../server/src/features/usage/index.ts";
import { compareContents, type Contents } from "../../deploy/backup/contents.ts";
import { startStore, type Store } from "../../deploy/backup/test/store.ts";
import { startBackupHost, type BackupHost } from "../../deploy/test/backup-host.ts";
import { run } from "../../deploy/test/engine.ts";

// Fault 12, a host that is wiped and restored from S3, and fault 13, backups that went wrong: with the production compose
// file, its PostgreSQL, the programs in the backup image, and deploy/restore as an operator calls it.

let store: Store;
let host: BackupHost;
beforeAll(async () => {
  store = await startStore();
  host = await startBackupHost(store, 20_000);
});
afterAll(async () => {
  await host?.close();
  await store?.close();
});

const lastOperation = async (name: string) =>
  (await host.rows(`select ok, detail from operations where name = '${name}' order by started_at desc limit 1`))[0];

/** Everything but what a backup writes about itself, which differs from the moment that it is of. */
function withoutOperations({ tables, sums }: Contents): Contents {
  const { "public.operations": _, ...others } = tables;
  return { tables: others, sums };
}

test("a host that was wiped is restored from S3 and the private key: every row as it was, the audit finds nothing", async () => {
  const before = await host.contents();
  const made = await host.program(["now", "--check"]);
  expect(made.code, made.output).toBe(0);
  expect(await lastOperation("restore_check")).toMatchObject({ ok: true, detail: { answers: 10_000 } });
  const names = await host.rows("select datname from pg_database where datname like 'charlie%'");
  expect(names).toEqual([{ datname: "charlie" }]);

  await host.compose("--profile", "*", "down", "--volumes", "--timeout", "2");
  const restored = await host.restore("--identity", host.keyFile);
  expect(restored.code, restored.output).toBe(0);
  expect(restored.output).toMatch(
    /Restored \S+ in [\d.]+ s: \d+ rows, each as it was; the audit of 10000 answers found no/,
  );
  expect(compareContents(withoutOperations(before), withoutOperations(await host.contents()))).toEqual([]);
  const { differences, answers } = await host.withDatabase(auditEverything);
  expect([differences, answers]).toEqual([[], 10_000]);
  expect(await host.rows("select ok, ended_at is null as running from operations where name = 'backup'")).toEqual([
    { ok: true, running: false },
  ]);
  // Requests act as a role that owns nothing: it came with the globals.
  const asApp = await host.withDatabase(async (db) => (await db.app.query("select * from workspaces")).rowCount);
  expect(asApp).toBe(0);
});

test("a database with rows is not overwritten unless told; then the one before stays under another name", async () => {
  await host.rows("update workspaces set name = 'since the backup' where plan = 'team'");
  const refused = await host.restore("--identity", host.keyFile);
  expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("has rows, and nothing was touched")]);
  const told = await host.restore("--identity", host.keyFile, "--overwrite");
  expect(told.code, told.output).toBe(0);
  expect(await host.rows("select name from workspaces where plan = 'team'")).toEqual([{ name: "Bäckerei “Ünal”" }]);
  const [kept] = await host.rows("select datname, datallowconn from pg_database where datname like 'charlie_before_%'");
  expect(kept).toMatchObject({ datallowconn: false });
  await host.rows(`drop database ${String(kept?.["datname"])}`);
});

test("another's key, a backup that is not there, and one that lost its end in the store: told, and nothing is touched", async () => {
  const before = await host.contents();
  const other = (await host.newKey("other")).file;
  const attempts: [args: string[], code: number, why: string][] = [
    [["--identity", other, "--overwrite"], 1, "no identity matched"],
    [["--identity", host.settingsFile], 2, "is no private key of age"],
    [
      ["--identity", host.keyFile, "--backup", "2020-01-01T00-00-00.000Z", "--overwrite"],
      1,
      "there is no whole backup 2020",
    ],
  ];
  for (const [args, code, why] of attempts) {
    const said = await host.restore(...args);
    expect([said.code, said.output]).toEqual([code, expect.stringContaining(why)]);
  }
  store.onRequest = (line) => {
    if (line.includes("database.dump.age")) store.cutOff = 1_000;
  };
  const truncated = await host.restore("--identity", host.keyFile, "--overwrite");
  Object.assign(store, { cutOff: 0, onRequest: () => {} });
  expect([truncated.code, truncated.output]).toEqual([
    1,
    expect.stringMatching(/restore: (age|pg_restore) ended with 1/),
  ]);
  expect(compareContents(before, await host.contents())).toEqual([]);
  expect(await host.rows("select from pg_database where datname like 'charlie_%'")).toEqual([]);
});

test("killed half-way: no backup, and the next one writes down and mails that it was", async () => {
  const before = await host.program(["list"]);
  const name = `${host.name}-killed`;
  store.onRequest = (line, incoming) => {
    if (!line.includes("database.dump.age")) return;
    incoming.pause();
    void run("docker", ["kill", name]);
  };
  const killed = await host.program(["now"], ["--name", name]);
  store.onRequest = () => {};
  expect(killed.code).toBe(137);
  expect(await host.program(["list"])).toEqual(before);
  const made = await host.program(["now"]);
  expect(made.code, made.output).toBe(0);
  expect(
    await host.rows(
      "select ok, detail ->> 'error' as error from operations where name = 'backup' order by started_at desc limit 2",
    ),
  ).toEqual([
    { ok: true, error: null },
    { ok: false, error: expect.stringContaining("it was killed") as string },
  ]);
  expect(await host.rows("select recipient from mails where dedupe_key like 'backup-failed:%'")).toEqual([
    { recipient: "ann@charlie.example" },
  ]);
});

test("a disk with no room for a second copy: the backup counts, the check of it is a failed one, and the service lives", async () => {
  await host.compose(
    "exec",
    "-T",
    "postgres",
    "sh",
    "-c",
    "dd if=/dev/zero of=$PGDATA/ballast bs=1M count=$(( $(df -BM --output=avail $PGDATA | tail -n 1 | tr -dc 0-9) - 30 )) status=none",
  );
  const made = await host.program(["now", "--check"]);
  await host.compose("exec", "-T", "postgres", "sh", "-c", "rm $PGDATA/ballast");
  expect(made.code).toBe(1);
  expect(await lastOperation("backup")).toMatchObject({ ok: true });
  expect(await lastOperation("restore_check")).toMatchObject({
    ok: false,
    detail: { error: expect.stringMatching(/^room: the disk has \d+ bytes free/) as string },
  });
});

test("a backup of a newer release than this one is not restored with it", async () => {
  await host.rows("insert into schema_migrations (number, name) values (9999, 'from-the-future.sql')");
  const made = await host.program(["now"]);
  expect(made.code, made.output).toBe(0);
  const refused = await host.restore("--identity", host.keyFile, "--overwrite");
  expect([refused.code, refused.output]).toEqual([
    1,
    expect.stringContaining("it is of a newer release (migration 9999"),
  ]);
});
