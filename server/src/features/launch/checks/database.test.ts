import { createServer, connect } from "node:net";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../../../test/database.ts";
import { examine, failed, ok } from "../../../../test/launch.ts";
import { withClient } from "./database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

const look = (id: string, url = database.url) => examine(`database.${id}`, { DATABASE_URL: url });

/** What PostgreSQL answers, with 17's version number turned into 16's on the way. */
async function elder(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    client.pipe(server);
    server.on("data", (chunk: Buffer) =>
      client.write(Buffer.from(chunk.toString("latin1").replace(/17(\d{4})(?=C)/, "16$1"), "latin1")),
    );
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const through = new URL(url);
  through.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return through.href;
}

test("a migrated database of version 17 is in order", async () => {
  expect(await look("version")).toEqual(ok("PostgreSQL 17."));
  expect(await look("migrations")).toEqual(ok("all "));
  expect(await look("role")).toEqual(ok("charlie_app, without superuser and bypassrls"));
});

test("a database that is away says so, and its password is not told", async () => {
  const result = await look("version", "postgres://charlie:v3ryS3cretWord@127.0.0.1:9/charlie");
  expect(result).toEqual(failed("no connection: ", "DATABASE_URL"));
  expect(JSON.stringify(result)).not.toContain("v3ryS3cretWord");
});

test("a password that everybody knows is refused by name", async () => {
  expect(await look("version", "postgres://charlie:postgres@db/charlie")).toEqual(
    failed("DATABASE_URL has a placeholder for a password"),
  );
});

test("version 16 is refused", async () => {
  expect(await look("version", await elder(database.url))).toEqual(failed("PostgreSQL 16.", "Use PostgreSQL 17"));
});

test("a migration that did not run is missed", async () => {
  const own = await cloneDatabase();
  onTestFinished(() => own.drop());
  await withClient(own.url, (client) =>
    client.query("delete from schema_migrations where number = (select max(number) from schema_migrations)"),
  );
  expect(await look("migrations", own.url)).toEqual(failed(" migrations ran", "migrate"));
  await withClient(own.url, (client) => client.query("drop table schema_migrations"));
  expect(await look("migrations", own.url)).toEqual(failed("0 of "));
});

test("a user who may not create tables, nor act as the app's role, is told so", async () => {
  const name = `visitor_${randomBytes(4).toString("hex")}`;
  const password = randomBytes(9).toString("hex");
  await withClient(database.url, (client) => client.query(`create role ${name} login password '${password}'`));
  onTestFinished(async () => {
    await withClient(database.url, (client) => client.query(`drop role ${name}`));
  });
  const url = new URL(database.url);
  [url.username, url.password] = [name, password];
  expect(await look("migrations", url.href)).toEqual(failed("may not create tables", "owner"));
  expect(await look("role", url.href)).toEqual(failed("may not act as charlie_app", "grant charlie_app"));
});

test("an app's role that sees everything is found out", async () => {
  // Roles belong to all databases of the server that the tests share, so nothing of this is ever committed.
  const own = await cloneDatabase();
  onTestFinished(() => own.drop());
  await withClient(own.url, (client) =>
    client.query(`create schema elder; create view elder.pg_roles as
      select oid, rolname, rolsuper, true as rolbypassrls from pg_catalog.pg_roles;
      alter database "${new URL(own.url).pathname.slice(1)}" set search_path = elder, pg_catalog, public`),
  );
  expect(await look("role", own.url)).toEqual(failed("can see every workspace's rows", "nobypassrls"));
});

test("without the app's role, the migrations come first", async () => {
  const own = await cloneDatabase();
  onTestFinished(() => own.drop());
  await withClient(own.url, (client) =>
    client.query(`create schema elder; create view elder.pg_roles as select * from pg_catalog.pg_roles where false;
      alter database "${new URL(own.url).pathname.slice(1)}" set search_path = elder, pg_catalog, public`),
  );
  expect(await look("role", own.url)).toEqual(failed("no role charlie_app", "migrate"));
});
