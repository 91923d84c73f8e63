import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Logger, runMigrations } from "graphile-worker";
import { Client } from "pg";

const ours = join(import.meta.dirname, "migrations");
/** A file that begins so may say `concurrently`. */
const outside = "-- outside a transaction\n";

export interface Migration {
  number: number;
  name: string;
}

/** The migrations in the folder, in order. Throws when two carry the same number or one is missing. */
export function migrations(folder = ours): Migration[] {
  const found = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((name) => ({ number: Number(name.slice(0, 4)), name }));
  for (const [index, { number, name }] of found.entries()) {
    if (number !== index + 1) throw new Error(`migration ${name} should carry the number ${index + 1}`);
  }
  return found;
}

/** Waits without a statement that runs: an index that is made concurrently would wait for it in turn. */
async function lock(client: Client): Promise<void> {
  // Any constant will do; it serialises migrators of one database.
  const take = "select pg_try_advisory_lock(727001) as taken";
  while (!(await client.query<{ taken: boolean }>(take)).rows[0]?.taken) await sleep(100);
}

/** Nobody queues up behind an index that is made concurrently, so it may wait for a backup that runs. */
const patience = (alone: boolean, statement: string): string =>
  alone && /\bconcurrently\b/i.test(statement) ? "30min" : "3s";

/**
 * One file: all of it or nothing; or, where it says so itself, statement by statement. Those are written so that they
 * can be run again after half of them. An index that could not be made concurrently is there all the same, and good for
 * nothing: so it is dropped first (`drop index concurrently if exists`).
 */
async function run(client: Client, { number, name }: Migration, text: string): Promise<void> {
  const alone = text.startsWith(outside);
  const statements = alone ? text.split(/;\s*$/m).filter((statement) => statement.trim() !== "") : [text];
  if (!alone) await client.query("begin");
  try {
    for (const statement of statements) {
      await client.query(`set lock_timeout = '${patience(alone, statement)}'`);
      await client.query(statement);
    }
    await client.query("insert into schema_migrations (number, name) values ($1, $2)", [number, name]);
    if (!alone) await client.query("commit");
  } catch (error) {
    if (!alone) await client.query("rollback");
    const kept = alone
      ? "what ran before that statement is kept, and the next start goes on"
      : "nothing of it was kept";
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`migration ${name} failed: ${why}; ${kept}`, { cause: error });
  }
}

/**
 * Brings the database up to date: forward only, one migrator at a time; see `run`. A table that somebody holds is waited
 * for 3 s and no longer where everybody else would queue up behind. Returns the names of the files that ran. Throws where one fails.
 */
export async function migrate(url: string, folder = ours): Promise<string[]> {
  const client = new Client({ connectionString: url, application_name: "charlie-migrate" });
  await client.connect();
  try {
    await lock(client);
    await client.query(
      "create table if not exists schema_migrations (number int primary key, name text not null, ran_at timestamptz not null default now())",
    );
    const { rows } = await client.query<{ number: number }>("select number from schema_migrations");
    const done = new Set(rows.map(({ number }) => number));
    // The queue's own tables come first: our functions call them.
    await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
    const missing = migrations(folder).filter(({ number }) => !done.has(number));
    for (const migration of missing) await run(client, migration, readFileSync(join(folder, migration.name), "utf8"));
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
