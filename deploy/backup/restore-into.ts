import { text } from "node:stream/consumers";
import { Client } from "pg";
import { openDatabase } from "../../server/src/db/client.ts";
import { auditEverything } from "../../server/src/features/usage/index.ts";
import { compareContents, takeContents } from "./contents.ts";
import { files, type Manifest } from "./manifest.ts";
import { addressOf, feedProgram, libpq, runProgram } from "./program.ts";
import { type Run, step } from "./run.ts";
import { needSame, readSealed } from "./sealed.ts";

/** A connection to the database that every server has: from there others are made, renamed and dropped. */
export async function onServer<T>(run: Run, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: addressOf(run.config.DATABASE_URL, "postgres"), keepAlive: true });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Makes the roles of a backup, as far as they are missing. */
export async function restoreGlobals(run: Run, manifest: Manifest, identity: string): Promise<void> {
  const key = `${manifest.name}/${files.globals}`;
  const { file, result } = await readSealed(run, { key, identity }, text);
  needSame(key, manifest.files[files.globals], file);
  const there = await onServer(run, async (client) => {
    const { rows } = await client.query<{ line: string }>(
      "select format('CREATE ROLE %I;', rolname) as line from pg_roles",
    );
    return new Set(rows.map(({ line }) => line));
  });
  const script = result
    .split("\n")
    .filter((line) => !there.has(line))
    .join("\n");
  const args = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"];
  await runProgram(run, { command: "psql", args, env: libpq(run.config.DATABASE_URL, "postgres") }, script);
}

/** Makes a database of this name, which must not exist, out of a backup. On the way the backup is checked to the byte. */
export async function restoreDump(run: Run, manifest: Manifest, identity: string, database: string): Promise<void> {
  await onServer(run, (client) =>
    client.query(`create database ${client.escapeIdentifier(database)} template template0 encoding 'UTF8'`),
  );
  const key = `${manifest.name}/${files.dump}`;
  const args = ["--exit-on-error", "--no-owner", `--dbname=${database}`];
  const env = libpq(run.config.DATABASE_URL, database);
  const { file } = await readSealed(run, { key, identity }, (plain) =>
    feedProgram(run, { command: "pg_restore", args, env }, plain),
  );
  needSame(key, manifest.files[files.dump], file);
}

/** Throws unless a restored database has, row by row, what the backup says, and its counts, costs and ledger agree. */
export async function compareRestored(run: Run, manifest: Manifest, database: string): Promise<{ answers: number }> {
  const connectionString = addressOf(run.config.DATABASE_URL, database);
  const client = new Client({ connectionString, keepAlive: true });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("analyze");
    await client.query("begin isolation level repeatable read, read only");
    const different = compareContents(manifest.contents, await takeContents(client));
    if (different.length > 0) throw new Error(`not what was backed up: ${different.slice(0, 5).join("; ")}`);
  } finally {
    await client.end().catch(() => {});
  }
  return step(run, "audit", async () => {
    const db = openDatabase(connectionString, { max: 1 });
    try {
      const { answers, differences } = await auditEverything(db);
      const [first] = differences;
      if (first !== undefined)
        throw new Error(`${differences.length} differences, the first ${first.invariant} ${first.subject}`);
      return { answers };
    } finally {
      await db.close();
    }
  });
}

/** Ends every connection to a database, lets no other come, and drops it. */
export const dropDatabase = (run: Run, database: string): Promise<void> =>
  onServer(run, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(database)} with (force)`);
  });
