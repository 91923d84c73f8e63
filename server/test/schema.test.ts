import { readdirSync } from "node:fs";
import { join } from "node:path";
import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate, migrations } from "../src/db/migrate.ts";
import { cloneDatabase, type TestDatabase } from "./database.ts";

/** One column as both sides can tell it. */
interface Column {
  name: string;
  type: string;
  required: boolean;
  hasDefault: boolean;
  inPrimaryKey: boolean;
}

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await cloneDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Tables that only hand-written SQL touches. */
const withoutDrizzle = ["schema_migrations"];

const byName = (a: Column, b: Column) => a.name.localeCompare(b.name);

async function inDrizzle(): Promise<Record<string, Column[]>> {
  const folder = join(import.meta.dirname, "../src/db/schema");
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>),
  );
  const tables = modules.flatMap((module) => Object.values(module)).filter((value) => is(value, PgTable));
  return Object.fromEntries(
    tables.map((table) => {
      const { name, columns, primaryKeys } = getTableConfig(table);
      const keyed = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
      return [
        name,
        columns
          .map((column) => ({
            name: column.name,
            type: column.getSQLType(),
            required: column.notNull,
            hasDefault: column.hasDefault,
            inPrimaryKey: column.primary || keyed.has(column.name),
          }))
          .toSorted(byName),
      ];
    }),
  );
}

async function inDatabase(): Promise<Record<string, Column[]>> {
  const { rows } = await client.query<Column & { table: string }>(`
    select c.relname as table, a.attname as name,
      -- Drizzle knows what a domain consists of.
      format_type(coalesce(nullif(t.typbasetype, 0), t.oid), a.atttypmod) as type,
      a.attnotnull as required, a.atthasdef as "hasDefault",
      coalesce(a.attnum = any(k.conkey), false) as "inPrimaryKey"
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`);
  const tables: Record<string, Column[]> = {};
  for (const { table, ...column } of rows) (tables[table] ??= []).push(column);
  for (const name of withoutDrizzle) delete tables[name];
  return Object.fromEntries(Object.entries(tables).map(([name, columns]) => [name, columns.toSorted(byName)]));
}

test("Drizzle's tables are the database's, column by column, in both directions", async () => {
  const [drizzle, real] = [await inDrizzle(), await inDatabase()];
  expect(Object.keys(real).length).toBeGreaterThan(15);
  expect(Object.keys(drizzle).toSorted()).toEqual(Object.keys(real).toSorted());
  expect(drizzle).toEqual(real);
});

test("a second migration finds nothing to do, and two at once do each file once", async () => {
  expect(await migrate(database.url)).toEqual([]);
  const empty = await cloneDatabase();
  const fresh = new Client({ connectionString: empty.url });
  await fresh.connect();
  await fresh.query(
    "drop schema public cascade; drop schema partitions cascade; drop schema graphile_worker cascade; create schema public",
  );
  await fresh.end();
  const ran = await Promise.all([migrate(empty.url), migrate(empty.url)]);
  expect(ran.flat()).toEqual(migrations().map(({ name }) => name));
  await empty.drop();
});
