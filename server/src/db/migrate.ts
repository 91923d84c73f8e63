import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Logger, runMigrations } from "graphile-worker";
import { Client } from "pg";

const folder = join(import.meta.dirname, "migrations");

export interface Migration {
  number: number;
  name: string;
}

/** The migrations in the folder, in order. Throws when two carry the same number or one is missing. */
export function migrations(): Migration[] {
  const found = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((name) => ({ number: Number(name.slice(0, 4)), name }));
  for (const [index, { number, name }] of found.entries()) {
    if (number !== index + 1) throw new Error(`migration ${name} should carry the number ${index + 1}`);
  }
  return found;
}

/**
 * Brings the database up to date: forward only, each file in one transaction, one migrator at a time.
 * Returns the names of those it ran. Throws where a file fails, with nothing of it kept.
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url, application_name: "charlie-migrate" });
  await client.connect();
  try {
    // Any constant will do; it serialises migrators of one database.
    await client.query("select pg_advisory_lock(727001)");
    await client.query(
      "create table if not exists schema_migrations (number int primary key, name text not null, ran_at timestamptz not null default now())",
    );
    const { rows } = await client.query<{ number: number }>("select number from schema_migrations");
    const done = new Set(rows.map(({ number }) => number));
    const ran: string[] = [];
    // The queue's own tables come first: our functions call them.
    await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
    for (const { number, name } of migrations()) {
      if (done.has(number)) continue;
      await client.query("begin");
      try {
        await client.query("set local lock_timeout = '3s'");
        await client.query(readFileSync(join(folder, name), "utf8"));
        await client.query("insert into schema_migrations (number, name) values ($1, $2)", [number, name]);
        await client.query("commit");
      } catch (error) {
        await client.query("rollback");
        throw new Error(`migration ${name} failed; nothing of it was kept`, { cause: error });
      }
      ran.push(name);
    }
    return ran;
  } finally {
    await client.end();
  }
}
