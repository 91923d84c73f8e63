import { escapeIdentifier, type ClientBase } from "pg";

/** What is in a database, so that two can be compared. Numbers are text: they may be longer than a number holds. */
export interface Contents {
  /** By `schema.table`: how many rows, and the sum of their digests, which no order changes. */
  tables: Record<string, { rows: string; content: string }>;
  /** What was counted, spent and earned. */
  sums: Record<string, string>;
}

/** Digests are taken of rows as text, so how they are written must not depend on a server's settings. */
const form = `
  set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local bytea_output = 'hex'; set local extra_float_digits = 1; set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0`;

const tables = `
  select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  order by 1, 2`;

const sums = `
  select kind, sum(amount)::text as amount from (
    select 'ledger_rows' as kind, count(*)::numeric as amount from usage_events
    union all select 'ledger_cost_micros', coalesce(sum(cost_micros), 0) from usage_events
    union all select 'ledger_tokens', coalesce(sum(tokens_in + tokens_out), 0) from usage_events
    union all select 'history_cost_micros', coalesce(sum(cost_micros), 0) from usage_daily
    union all select 'counter_' || metric_type, sum(value) from usage_metrics group by metric_type
    union all select 'revenue_' || kind || '_micros', sum(amount_micros) from revenue_changes group by kind
  ) each group by kind order by kind`;

/**
 * Reads the contents of a database. Needs an open transaction that sees one moment (repeatable read). Reads every row:
 * some 2 s for a million messages.
 */
export async function takeContents(client: ClientBase): Promise<Contents> {
  await client.query(form);
  const contents: Contents = { tables: {}, sums: {} };
  const found = await client.query<{ schema: string; name: string }>(tables);
  for (const { schema, name } of found.rows) {
    const { rows } = await client.query<{ rows: string; content: string }>(
      `select count(*)::text as rows, coalesce(sum(hashtextextended(whole_row::text, 0)::numeric), 0)::text as content
       from only ${escapeIdentifier(schema)}.${escapeIdentifier(name)} as whole_row`,
    );
    if (rows[0]) contents.tables[`${schema}.${name}`] = rows[0];
  }
  const { rows } = await client.query<{ kind: string; amount: string }>(sums);
  for (const { kind, amount } of rows) contents.sums[kind] = amount;
  return contents;
}

/** Everything that is not the same in both, in words; none where they agree. */
export function compareContents(expected: Contents, found: Contents): string[] {
  const differences: string[] = [];
  const say = (what: string, want = "nothing", is = "nothing") => {
    if (want !== is) differences.push(`${what}: ${is} instead of ${want}`);
  };
  for (const name of new Set([...Object.keys(expected.tables), ...Object.keys(found.tables)])) {
    const [want, is] = [expected.tables[name], found.tables[name]];
    say(`rows of ${name}`, want?.rows, is?.rows);
    if (want !== undefined && want.rows === is?.rows && want.content !== is.content)
      differences.push(`contents of ${name} differ`);
  }
  for (const kind of new Set([...Object.keys(expected.sums), ...Object.keys(found.sums)]))
    say(kind, expected.sums[kind], found.sums[kind]);
  return differences;
}

/** Rows of all tables together. */
export const rowsOf = ({ tables: all }: Contents): number =>
  Object.values(all).reduce((sum, { rows }) => sum + Number(rows), 0);
