import { afterAll, beforeAll, expect, test } from "vitest";
import { asOperator } from "../../server/src/db/client.ts";
import { askToEnd, teach } from "../../server/test/chat.ts";
import { startTestApp, type TestApp } from "../../server/test/harness.ts";
import { compareContents, rowsOf, takeContents, type Contents } from "./contents.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ deps: { brainTimings: { offlinePauseMs: 0 } } });
});
afterAll(() => app.close());

const contents = (settings = ""): Promise<Contents> =>
  asOperator(app.db, async (tx) => {
    await tx.$client.query("set transaction isolation level repeatable read");
    await tx.$client.query(settings);
    return takeContents(tx.$client);
  });

test("every table is counted once, partitions too; a row that comes, goes or changes is seen and named", async () => {
  const pat = await app.signUp({ plan: "team" });
  const agent = await teach(pat);
  const before = await contents();
  await askToEnd(pat, agent.id, { text: "When do you open?" });
  const after = await contents();
  const { rows } = await app.db.operator.query("select count(*)::text as count from messages");
  const messages = Object.entries(after.tables).filter(([name]) => name.startsWith("partitions.messages_"));
  expect(messages.reduce((sum, [, table]) => sum + Number(table.rows), 0)).toBe(Number(rows[0].count));
  expect(after.tables["public.messages"]).toBeUndefined();
  expect(after.tables["graphile_worker._private_jobs"]).toBeDefined();
  expect(rowsOf(after)).toBeGreaterThan(rowsOf(before));
  const differences = compareContents(before, after);
  expect(differences).toContainEqual(expect.stringMatching(/^rows of partitions\.messages_\d+_\d+: 2 instead of 0$/));
  expect(differences).toContainEqual(expect.stringMatching(/^ledger_rows: 1 instead of 0$/));

  expect(compareContents(after, await contents())).toEqual([]);
  await app.db.operator.query("update workspaces set name = name || '!' where id = $1", [pat.workspaceId]);
  expect(compareContents(after, await contents())).toEqual(["contents of public.workspaces differ"]);
});

test("neither the order of rows nor a session's settings matter", async () => {
  await app.signUp();
  const before = await contents();
  await app.db.operator.query("update workspaces set name = name");
  expect(
    compareContents(before, await contents("set local timezone = 'Asia/Tokyo'; set local datestyle = 'German'")),
  ).toEqual([]);
});

test("a table that is missing, and one too many, are differences", () => {
  const some: Contents = { tables: { "public.a": { rows: "1", content: "7" } }, sums: { ledger_rows: "1" } };
  const other: Contents = { tables: { "public.b": { rows: "0", content: "0" } }, sums: {} };
  expect(compareContents(some, other)).toEqual([
    "rows of public.a: nothing instead of 1",
    "rows of public.b: 0 instead of nothing",
    "ledger_rows: nothing instead of 1",
  ]);
});
