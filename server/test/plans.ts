import type { Client, Pool } from "pg";

/** A step of a plan, with what it really did. */
interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  Plans?: Node[];
}

/** A statement as PostgreSQL did it. */
export interface Seen {
  text: string;
  nodes: Node[];
}

/** More than the longest conversation and the longest history that is shown; far less than a table that grows. */
const mostRows = 2_000;

/** Rows that were looked at: given on, or found and thrown away. */
const looked = (node: Node): number =>
  ((node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0)) * (node["Actual Loops"] ?? 1);

const allOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(allOf)];

/** From the next connection on, PostgreSQL tells of every statement how it did it. */
export async function explainAll(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>("select current_database() as name");
  const client = await pool.connect();
  await client.query("load 'auto_explain'");
  for (const setting of [
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_timing = off",
    "auto_explain.log_nested_statements = on",
    "auto_explain.log_format = json",
    "auto_explain.log_level = notice",
  ])
    await client.query(`alter database ${rows[0]?.name} set ${setting}`);
  client.release();
}

/** Hears how everything was done that is asked through this pool. */
export function hear(pool: Pool, seen: Seen[]): void {
  const heard = new WeakSet<object>();
  pool.on("acquire", (client) => {
    if (heard.has(client)) return;
    heard.add(client);
    (client as unknown as Client).on("notice", ({ message }) => {
      const plan = message?.split("plan:\n")[1];
      if (plan === undefined) return;
      const { "Query Text": text, Plan } = JSON.parse(plan) as { "Query Text": string; Plan: Node };
      seen.push({ text, nodes: allOf(Plan) });
    });
  });
}

/** The tables with so many rows that reading them from end to end would show. */
export async function bigTables(pool: Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and reltuples > 1000 and relnamespace in ('public'::regnamespace, 'partitions'::regnamespace)",
  );
  return new Set(rows.map(({ name }) => name));
}

/** Where one of these tables was read from end to end, or more of it than is ever needed. */
export const scansOf = (seen: readonly Seen[], big: ReadonlySet<string>, most = mostRows): string[] => [
  ...new Set(
    seen.flatMap(({ text, nodes }) =>
      nodes
        .filter((node) => big.has(node["Relation Name"] ?? ""))
        .filter((node) => node["Node Type"] === "Seq Scan" || looked(node) > most)
        .map((node) => `${node["Node Type"]} of ${node["Relation Name"]}, ${looked(node)} rows: ${text}`),
    ),
  ),
];
