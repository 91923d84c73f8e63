import type { PoolClient } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withWorkspace } from "../src/db/client.ts";
import { furnish } from "./furnish.ts";
import { startTestApp, type TestApp } from "./harness.ts";
import { startProviderStandIn, type ProviderStandIn } from "./stand-ins/providers.ts";

/** Every table, whatever is added: the catalogue is asked, not a list. */
interface Table {
  schema: string;
  name: string;
  /** A table of a workspace's rows: its own id, or `workspace_id`. */
  owner: "id" | "workspace_id" | null;
  security: boolean;
  policies: { command: string; roles: string[]; using: string; check: string | null }[];
}

let app: TestApp;
let provider: ProviderStandIn;
let tables: Table[] = [];
let mine = "";
let theirs = "";

const workspaceTables = () => tables.filter(({ owner }) => owner !== null);

beforeAll(async () => {
  provider = await startProviderStandIn();
  app = await startTestApp();
  const { rows } = await app.db.operator.query<Table>(`
    select n.nspname as schema, c.relname as name, c.relrowsecurity as security,
      case when c.relname = 'workspaces' then 'id'
        when exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id') then 'workspace_id'
      end as owner,
      coalesce((select json_agg(json_build_object('command', p.cmd, 'roles', p.roles, 'using', p.qual, 'check', p.with_check))
        from pg_policies p where p.schemaname = n.nspname and p.tablename = c.relname), '[]') as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    order by 1, 2`);
  tables = rows;
  const [one, other] = [await app.signUp(), await app.signUp()];
  mine = one.workspaceId;
  theirs = other.workspaceId;
  await furnish(app, one, "one", provider.url);
  await furnish(app, other, "other", provider.url);
});
afterAll(async () => {
  await app.close();
  await provider.close();
});

/** Runs as the app's role in a workspace, and undoes what was done. */
async function actingIn<T>(workspace: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const undo = new Error("undo");
  let result: T | undefined;
  await withWorkspace(app.db, workspace, async ({ $client }) => {
    result = await work($client);
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return result as T;
}

/** The error code of a statement, or how many rows it touched. */
async function tried(client: PoolClient, sql: string, values: unknown[]): Promise<string | number> {
  await client.query("savepoint before");
  try {
    return (await client.query(sql, values)).rowCount ?? 0;
  } catch (error) {
    await client.query("rollback to savepoint before");
    return String((error as { code?: string }).code);
  }
}

const owned = async (table: Table, workspace: string): Promise<number> =>
  (await app.db.operator.query(`select from ${table.name} where ${table.owner} = $1`, [workspace])).rowCount ?? 0;

test("the app's role is no superuser, passes no policy, owns nothing and is nobody else", async () => {
  const { rows } = await app.db.operator.query(`
    select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
      (select count(*)::int from pg_class where relowner = r.oid) as owns,
      (select count(*)::int from pg_auth_members where member = r.oid) as memberships
    from pg_roles r where rolname = 'charlie_app'`);
  const no = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
  expect(rows).toEqual([{ ...no, owns: 0, memberships: 0 }]);
  expect((await app.db.app.query("select current_user as me")).rows).toEqual([{ me: "charlie_app" }]);
});

test("every workspace table has row-level security with one policy that names the workspace both ways", () => {
  expect(workspaceTables().length).toBeGreaterThan(10);
  for (const { name, owner, security, policies } of workspaceTables()) {
    expect([name, security]).toEqual([name, true]);
    const condition = `(${owner} = current_workspace())`;
    // Without a check of its own, a policy's condition is also its check.
    const checks = policies.map(({ command, roles, using, check }) => ({
      command,
      roles,
      using,
      check: check ?? using,
    }));
    expect([name, checks]).toEqual([
      name,
      [{ command: "ALL", roles: ["charlie_app"], using: condition, check: condition }],
    ]);
  }
});

test("every workspace table shows a workspace its own rows and nobody else's", async () => {
  for (const table of workspaceTables()) {
    const [own, others] = [await owned(table, mine), await owned(table, theirs)];
    // A new table needs a row in test/furnish.ts, or nothing is shown here.
    expect([table.name, own > 0, others > 0]).toEqual([table.name, true, true]);
    const seen = await actingIn(mine, async (client) => ({
      all: (await client.query(`select from ${table.name}`)).rowCount,
      theirs: (await client.query(`select from ${table.name} where ${table.owner} = $1`, [theirs])).rowCount,
    }));
    expect([table.name, seen]).toEqual([table.name, { all: own, theirs: 0 }]);
  }
});

test("without a workspace nothing is visible, also on a connection that had one before", async () => {
  await actingIn(mine, async (client) => client.query("select 1"));
  for (const { name } of workspaceTables()) {
    expect([name, (await app.db.app.query(`select from ${name}`)).rowCount]).toEqual([name, 0]);
  }
});

test("tables of no workspace are closed to the app's role", async () => {
  const others = tables.filter(({ owner }) => owner === null);
  const names = others.map(({ schema, name }) => `${schema}.${name}`);
  for (const known of [
    "users",
    "sessions",
    "accounts",
    "verifications",
    "billing_events",
    "mails",
    "schema_migrations",
  ])
    expect(names).toContain(`public.${known}`);
  expect(names.some((name) => name.startsWith("graphile_worker."))).toBe(true);
  for (const name of names) {
    const { rows } = await app.db.operator.query(
      `select bool_or(has_any_column_privilege('charlie_app', $1, privilege)) as may
      from unnest(array['select', 'insert', 'update', 'references']) privilege`,
      [name],
    );
    expect([name, rows[0].may]).toEqual([name, false]);
    await expect(app.db.app.query(`select from ${name}`)).rejects.toMatchObject({ code: "42501" });
  }
});

test("partitions are closed to the app's role: their rows are reached through the table that has the policy", async () => {
  const { rows: parts } = await app.db.operator.query<{ name: string; parent: string }>(
    `select inhrelid::regclass::text as name, inhparent::regclass::text as parent from pg_inherits
     where inhparent in (select partrelid from pg_partitioned_table) order by 1`,
  );
  for (const parent of ["messages", "usage_events"]) {
    const its = parts.filter((part) => part.parent === parent);
    // The net, last month, this month, and two ahead.
    expect([parent, its.length]).toEqual([parent, 5]);
  }
  for (const { name } of parts) {
    for (const sql of [`select from ${name}`, `delete from ${name}`, `insert into ${name} select * from ${name}`]) {
      expect([name, await actingIn(mine, (client) => tried(client, sql, []))]).toEqual([name, "42501"]);
    }
  }
  await expect(app.db.app.query("create table partitions.mine ()")).rejects.toMatchObject({ code: "42501" });
});

describe("a workspace can't write into another one", () => {
  test("insert a row that carries another workspace", async () => {
    for (const { name, owner } of workspaceTables()) {
      const { rows } = await app.db.operator.query(
        `select to_json(t) as row from ${name} t where ${owner} = $1 limit 1`,
        [theirs],
      );
      const insert = `insert into ${name} select * from json_populate_record(null::${name}, $1)`;
      // Policies are checked before keys, so an exact copy of the other's row tells.
      const outcome = await actingIn(mine, (client) => tried(client, insert, [JSON.stringify(rows[0].row)]));
      expect([name, outcome]).toEqual([name, "42501"]);
    }
  });

  test("move an own row there", async () => {
    for (const { name, owner } of workspaceTables()) {
      const outcome = await actingIn(mine, (client) => tried(client, `update ${name} set ${owner} = $1`, [theirs]));
      expect([name, outcome]).toEqual([name, "42501"]);
    }
  });

  test("change or delete what is there", async () => {
    for (const { name, owner } of workspaceTables()) {
      const touched = await actingIn(mine, async (client) => [
        await tried(client, `delete from ${name} where ${owner} = $1`, [theirs]),
        await tried(client, `update ${name} set ${owner} = ${owner} where ${owner} = $1`, [theirs]),
        await tried(client, `select from ${name} where ${owner} = $1 for update`, [theirs]),
      ]);
      for (const outcome of touched) expect([name, ["42501", 0].includes(outcome)]).toEqual([name, true]);
    }
  });
});

interface ForeignKey {
  name: string;
  from: string;
  to: string;
  columns: string[];
  referenced: string[];
}

test("no row can point into another workspace: every key between workspace tables carries the workspace", async () => {
  const { rows: keys } = await app.db.operator.query<ForeignKey>(`
    select conname as name, conrelid::regclass::text as from, confrelid::regclass::text as to,
      (select array_agg(attname::text order by place) from unnest(conkey) with ordinality k(number, place)
        join pg_attribute on attrelid = conrelid and attnum = number) as columns,
      (select array_agg(attname::text order by place) from unnest(confkey) with ordinality k(number, place)
        join pg_attribute on attrelid = confrelid and attnum = number) as referenced
    from pg_constraint where contype = 'f'`);
  const ofWorkspaces = new Set(workspaceTables().map(({ name }) => name));
  const between = keys.filter(({ from, to }) => ofWorkspaces.has(from) && ofWorkspaces.has(to) && to !== "workspaces");
  expect(between.length).toBeGreaterThan(3);
  for (const { name, from, to, columns, referenced } of between) {
    expect([name, referenced[columns.indexOf("workspace_id")]]).toEqual([name, "workspace_id"]);
    const [column = "", target = ""] = [columns, referenced].map((all) => all.find((each) => each !== "workspace_id"));
    const client = await app.db.operator.connect();
    await client.query("begin");
    await client.query("set constraints all immediate");
    const move = `update ${from} set ${column} = (select ${target} from ${to} where workspace_id = $2 limit 1) where workspace_id = $1`;
    // Theirs were made later: a message is always newer than its conversation.
    expect([name, await tried(client, move, [theirs, mine])]).toEqual([name, "23503"]);
    await client.query("rollback");
    client.release();
  }
});

test("functions that act with the owner's rights have a fixed search path, and the app's role may call one", async () => {
  const { rows } = await app.db.operator.query<{ name: string; config: string[] | null; may: boolean }>(`
    select p.proname as name, p.proconfig as config, has_function_privilege('charlie_app', p.oid, 'execute') as may
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')`);
  expect(rows.filter(({ may }) => may).map(({ name }) => name)).toEqual(["enqueue_job"]);
  for (const { name, config } of rows) expect([name, config?.join().startsWith("search_path=")]).toEqual([name, true]);
});
