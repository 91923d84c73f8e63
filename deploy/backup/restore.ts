import { Client, DatabaseError, escapeIdentifier } from "pg";
import { asOperator, openDatabase } from "../../server/src/db/client.ts";
import { migrations } from "../../server/src/db/migrate.ts";
import { endOperation, recordOperation, unendedOperations } from "../../server/src/features/launch/index.ts";
import { rowsOf } from "./contents.ts";
import { keysOfBackups, type Manifest, readManifest, wholeBackups } from "./manifest.ts";
import { addressOf, databaseOf } from "./program.ts";
import { compareRestored, dropDatabase, onServer, restoreDump, restoreGlobals } from "./restore-into.ts";
import { type Run, secondsSince, step } from "./run.ts";
import { compareVersions, majorOfServer } from "./versions.ts";

export interface RestoreOptions {
  /** Path of the operator's private key. */
  identity: string;
  /** The newest where it is not given. */
  backup?: string | undefined;
  /** Put it in the place of a database that has rows. */
  overwrite: boolean;
}

export interface Restored {
  backup: string;
  rows: number;
  answers: number;
  seconds: number;
  /** What the database that was there before is called now. */
  before: string | null;
}

/** Throws where this backup cannot be restored with the programs, the server and the release that are here. */
async function needVersions(run: Run, { major, migration }: Manifest): Promise<void> {
  await onServer(run, async (client) => {
    const server = await majorOfServer(client);
    await compareVersions(run, server);
    if (major > server) throw new Error(`it is of PostgreSQL ${major}, and the server here is ${server}`);
  });
  const known = migrations().length;
  if (migration > known)
    throw new Error(
      `it is of a newer release (migration ${migration}; this one knows ${known}): restore with that one`,
    );
}

/** Whether a database is there, and whether somebody's rows are in it: what a migration writes is nobody's. */
async function stateOf(run: Run, database: string): Promise<"missing" | "empty" | "has rows"> {
  const there = await onServer(run, (client) => client.query("select from pg_database where datname = $1", [database]));
  if (there.rowCount === 0) return "missing";
  const client = new Client({ connectionString: addressOf(run.config.DATABASE_URL, database) });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema|graphile_worker)' and c.relname not in ('schema_migrations', 'operations', 'reconciliations')`,
    );
    for (const { name } of rows) {
      const { rowCount } = await client.query(`select from ${name} limit 1`);
      if ((rowCount ?? 0) > 0) return "has rows";
    }
    return "empty";
  } finally {
    await client.end();
  }
}

/** How often whoever is connected is sent away before it is given up. */
const mostTries = 3;

/**
 * Gives the restored database its name. What was there before is dropped where it was empty, else kept under another name.
 * Both names change in one transaction: whatever fails, or is killed half-way, what was there is there.
 */
export async function takePlace(
  run: Run,
  restored: string,
  database: string,
  state: Awaited<ReturnType<typeof stateOf>>,
): Promise<string | null> {
  if (state === "empty") await dropDatabase(run, database);
  const kept = `${database}_before_${new Date().toISOString().slice(0, 19).replaceAll(/\D/g, "")}`;
  const rename = (from: string, to: string) =>
    `alter database ${escapeIdentifier(from)} rename to ${escapeIdentifier(to)}`;
  // What is kept nobody may write to by mistake.
  const before = [rename(database, kept), `alter database ${escapeIdentifier(kept)} allow_connections false`];
  const statements = [...(state === "has rows" ? before : []), rename(restored, database)];
  await onServer(run, async (client) => {
    for (let tries = 1; ; tries += 1) {
      await client.query("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname in ($1, $2)", [
        database,
        restored,
      ]);
      try {
        await client.query(`begin; ${statements.join("; ")}; commit`);
        return;
      } catch (error) {
        await client.query("rollback");
        const inUse = error instanceof DatabaseError && error.code === "55006";
        if (!inUse || tries === mostTries) throw error;
      }
    }
  });
  return state === "has rows" ? kept : null;
}

/** In the restored database the backup itself still stands as begun. It went well: this is it. */
async function writeDown(run: Run, done: Restored, startedAt: Date): Promise<void> {
  const db = openDatabase(run.config.DATABASE_URL, { max: 1 });
  try {
    for (const { id } of await unendedOperations(db, "backup"))
      await asOperator(db, (tx) => endOperation(tx, id, { ok: true, detail: { backup: done.backup } }));
    await recordOperation(db, { name: "restore_check", ok: true, detail: { restored: true, ...done }, startedAt });
  } finally {
    await db.close();
  }
}

/**
 * Restores a backup, with all roles, in the place of the database that `DATABASE_URL` names. It is restored beside it
 * first, compared with what was backed up and audited; only then it takes the name. Where anything fails, what was there
 * is untouched. Throws an error that says what to do.
 */
export async function restore(run: Run, { identity, backup, overwrite }: RestoreOptions): Promise<Restored> {
  const startedAt = new Date();
  const started = performance.now();
  const database = databaseOf(run.config.DATABASE_URL);
  const aside = `${database}_restoring`;
  const name = await step(run, "find", async () => {
    const whole = wholeBackups(await keysOfBackups(run));
    const found = backup ?? whole.at(-1);
    if (found === undefined) throw new Error("there is no backup in this bucket under this prefix");
    if (!whole.includes(found)) throw new Error(`there is no whole backup ${found}; there are: ${whole.join(", ")}`);
    return found;
  });
  const manifest = await step(run, "manifest", () => readManifest(run, name, identity));
  await step(run, "versions", () => needVersions(run, manifest));
  const state = await step(run, "look", async () => {
    const seen = await stateOf(run, database);
    if (seen === "has rows" && !overwrite)
      throw new Error(
        `the database ${database} has rows, and nothing was touched; with --overwrite it is renamed and replaced`,
      );
    return seen;
  });
  let before: string | null;
  let answers: number;
  try {
    await step(run, "globals", () => restoreGlobals(run, manifest, identity));
    await step(run, "restore", async () => {
      await dropDatabase(run, aside);
      await restoreDump(run, manifest, identity, aside);
    });
    ({ answers } = await step(run, "compare", () => compareRestored(run, manifest, aside)));
    before = await step(run, "take its place", () => takePlace(run, aside, database, state));
  } catch (error) {
    await dropDatabase(run, aside).catch(() => {});
    throw error;
  }
  const done = { backup: name, rows: rowsOf(manifest.contents), answers, seconds: secondsSince(started), before };
  await step(run, "write down", () => writeDown(run, done, startedAt));
  return done;
}
