import type { Client } from "pg";

/** Everything of our schema that a migration can change, one line each; the queue's own schema is its library's business. */
const facts = `
select c.relname as "table", 'columns' as part, a.attnum::int as place,
  format('%s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' end,
    ' default ' || pg_get_expr(d.adbin, d.adrelid)) as fact
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
union all
select conrelid::regclass::text, 'constraints', 0, conname || ': ' || pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 'n' and conparentid = 0
union all
select partrelid::regclass::text, 'columns', 1000, 'partitioned by ' || pg_get_partkeydef(partrelid) from pg_partitioned_table
union all
select tablename, 'indexes', 0, indexdef from pg_indexes where schemaname = 'public'
union all
select relname, 'policies', 0, 'row-level security' || case when relrowsecurity then ' on' else ' off' end
from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
union all
select tablename, 'policies', 1, format('%s: %s to %s using %s with check %s', policyname, lower(cmd),
  array_to_string(roles, ', '), qual, coalesce(with_check, 'the same'))
from pg_policies where schemaname = 'public'
union all
select table_name, 'grants', 0, grantee || ': ' || string_agg(lower(privilege_type), ', ' order by privilege_type)
from information_schema.role_table_grants
where table_schema = 'public' and grantee <> current_user group by table_name, grantee
union all
select c.table_name, 'grants', 1, format('%s: %s of %s', c.grantee, lower(c.privilege_type),
  string_agg(c.column_name, ', ' order by c.column_name))
from information_schema.column_privileges c
where c.table_schema = 'public' and c.grantee <> current_user and not exists (
  select from information_schema.role_table_grants t
  where (t.table_schema, t.table_name, t.grantee, t.privilege_type) = (c.table_schema, c.table_name, c.grantee, c.privilege_type))
group by c.table_name, c.grantee, c.privilege_type
union all
select tgrelid::regclass::text, 'triggers', 0, pg_get_triggerdef(oid) from pg_trigger
where not tgisinternal and tgrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`;

const functions = `
select pg_get_functiondef(p.oid) as definition,
  (select string_agg(coalesce(nullif(a.grantee, 0)::regrole::text, 'public'), ', ' order by 1)
   from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee <> p.proowner) as callers
from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname`;

const domains = `
select format('domain %s %s %s', t.typname, format_type(t.typbasetype, t.typtypmod), pg_get_constraintdef(c.oid)) as domain
from pg_type t join pg_constraint c on c.contypid = t.oid
where t.typnamespace = 'public'::regnamespace order by t.typname, c.conname`;

const parts = ["columns", "constraints", "indexes", "policies", "grants", "triggers"];

/** The database's schema as text to read and to compare: tables by name, in each its parts in a fixed order, then
 * domains and functions. Partitions are left out: which there are depends on the month. */
export async function describeSchema(client: Client): Promise<string> {
  const { rows } = await client.query<{ table: string; part: string; place: number; fact: string }>(
    `select * from (${facts}) fact order by "table" collate "C", place, fact collate "C"`,
  );
  const tables = [...new Set(rows.map(({ table }) => table))].map((table) => {
    const shown = parts.flatMap((part) => {
      const found = rows.filter((row) => row.table === table && row.part === part);
      return found.length === 0 ? [] : [`  ${part}`, ...found.map(({ fact }) => `    ${fact}`)];
    });
    return [`table ${table}`, ...shown].join("\n");
  });
  const { rows: found } = await client.query<{ definition: string; callers: string | null }>(functions);
  const texts = found.map(({ definition, callers }) => `${definition.trim()}\n-- called by: ${callers ?? "its owner"}`);
  const { rows: kinds } = await client.query<{ domain: string }>(domains);
  return `${[...tables, ...kinds.map(({ domain }) => domain), ...texts].join("\n\n")}\n`;
}
