import { randomUUIDv7 } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../test/database.ts";
import { oneStatement, openDatabase, type Database } from "./client.ts";

let database: TestDatabase;
let db: Database;
const [mine, theirs] = [randomUUIDv7(), randomUUIDv7()];
beforeAll(async () => {
  database = await cloneDatabase();
  // One connection, so that each statement meets what the one before it left.
  db = openDatabase(database.url, { max: 1 });
  await db.operator.query("insert into workspaces (id, name) values ($1, 'Mine'), ($2, 'Theirs')", [mine, theirs]);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const names = { name: "names", text: "select name, pg_backend_pid() as pid from workspaces order by name" };
const seen = (workspaceId: string) => oneStatement<{ name: string; pid: number }>(db, workspaceId, names);

test("a statement sees its own workspace's rows, also right after another's on the same connection", async () => {
  const [one, two, none] = await Promise.all([seen(mine), seen(theirs), seen(randomUUIDv7())]);
  expect([one, two].map((rows) => rows.map(({ name }) => name))).toEqual([["Mine"], ["Theirs"]]);
  expect(none).toEqual([]);
  expect(one[0]?.pid).toBe(two[0]?.pid);
  expect((await db.app.query("select * from workspaces")).rows).toEqual([]);
});

test("a statement that is refused leaves nothing behind, and its connection goes on", async () => {
  const [before] = await seen(mine);
  const failing = { text: "update workspaces set name = 'Other' returning 1 / (length(name) - 5)" };
  await expect(oneStatement(db, mine, failing)).rejects.toMatchObject({ code: "22012" });
  expect(await seen(mine)).toEqual([before]);
});

test("a connection that cannot set the workspace serves nobody, and is not used again", async () => {
  const [before] = await seen(mine);
  await db.app.query("deallocate all");
  await expect(seen(mine)).rejects.toMatchObject({ code: "26000" });
  const [after] = await seen(mine);
  expect(after?.name).toBe("Mine");
  expect(after?.pid).not.toBe(before?.pid);
});
