import { Client } from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTestApp, type TestApp } from "../../server/test/harness.ts";
import { addressOf } from "./program.ts";
import { takePlace } from "./restore.ts";
import { startStore, type Store } from "./test/store.ts";
import { testRun } from "./test/run.ts";

// Restores with PostgreSQL's own programs: deploy/test/stack.

let app: TestApp;
let store: Store;
beforeAll(async () => {
  app = await startTestApp();
  store = await startStore();
});
afterAll(async () => {
  await store.close();
  await app.close();
});

async function connect(database: string): Promise<Client> {
  const client = new Client({ connectionString: addressOf(app.databaseUrl, database) });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  return client;
}

/** Two databases that say what they are. */
async function make(old: string, restored: string): Promise<void> {
  for (const name of [old, restored]) {
    await app.db.operator.query(`create database ${name}`);
    const client = await connect(name);
    await client.query(`create table called as select '${name}' as name`);
    await client.end();
  }
}

const nameIn = async (database: string): Promise<unknown> =>
  (await (await connect(database)).query("select name from called")).rows;

test("a restored database takes the name, and whoever looked at either is sent away", async () => {
  await make("fine_old", "fine_restored");
  const run = testRun(store, { databaseUrl: app.databaseUrl });
  onTestFinished(() => run.db.close());
  await connect("fine_old");
  await connect("fine_restored");
  const kept = await takePlace(run, "fine_restored", "fine_old", "has rows");
  expect(await nameIn("fine_old")).toEqual([{ name: "fine_restored" }]);
  await expect(connect(kept ?? "")).rejects.toThrow("not currently accepting connections");
});

test("where the restored one cannot take the name, what was there has it and is open", async () => {
  await make("kept_old", "kept_restored");
  const run = testRun(store, { databaseUrl: app.databaseUrl });
  onTestFinished(() => run.db.close());
  await expect(takePlace(run, "kept_missing", "kept_old", "has rows")).rejects.toThrow("does not exist");
  expect(await nameIn("kept_old")).toEqual([{ name: "kept_old" }]);
});
