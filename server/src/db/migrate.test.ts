import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../test/database.ts";
import { migrate } from "./migrate.ts";

let database: TestDatabase;
let other: Client;
let folder: string;
beforeEach(async () => {
  database = await cloneDatabase();
  other = new Client({ connectionString: database.url });
  await other.connect();
  // As if nothing had run yet, beside tables that nobody here asks for.
  await other.query("truncate schema_migrations; create table kennels (id int)");
  folder = mkdtempSync(join(tmpdir(), "charlie-migrations-"));
});
afterEach(async () => {
  await other.end();
  await database.drop();
});
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

test("a table that somebody holds fails the migration, keeps nothing of it, and lets others through meanwhile", async () => {
  write("0001-names.sql", "create table names (id int); alter table kennels add column size int;");
  await other.query("begin; select * from kennels");
  await expect(migrate(database.url, folder)).rejects.toMatchObject({
    message: "migration 0001-names.sql failed: canceling statement due to lock timeout; nothing of it was kept",
    cause: { message: "canceling statement due to lock timeout" },
  });
  await other.query("commit");
  expect((await other.query("select to_regclass('names') as made")).rows).toEqual([{ made: null }]);
  expect(await migrate(database.url, folder)).toEqual(["0001-names.sql"]);
});

test("outside a transaction an index is made concurrently, by one of two migrators, and a half-done file goes on", async () => {
  const index = "create index concurrently if not exists kennels_id on kennels (id);\n";
  write(
    "0001-index.sql",
    `-- outside a transaction\n${index}alter table kennels add column size int, add column x nonsense;\n`,
  );
  await expect(migrate(database.url, folder)).rejects.toThrow("the next start goes on");
  expect((await other.query("select to_regclass('kennels_id') as made")).rows).toEqual([{ made: "kennels_id" }]);
  write("0001-index.sql", `-- outside a transaction\n${index}alter table kennels add column if not exists size int;\n`);
  const ran = await Promise.all([migrate(database.url, folder), migrate(database.url, folder)]);
  expect(ran.flat()).toEqual(["0001-index.sql"]);
});
