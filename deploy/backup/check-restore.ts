import type { Client } from "pg";
import type { Manifest } from "./manifest.ts";
import { databaseOf, libpq, runProgram } from "./program.ts";
import { compareRestored, dropDatabase, onServer, restoreDump } from "./restore-into.ts";
import { type Run, secondsSince, step } from "./run.ts";
import { type KeyPair, withIdentityFile } from "./sealed.ts";

/** Bytes free where the database lies; null where this role may not ask (a managed server, which grows by itself). */
async function freeBytes(client: Client): Promise<number | null> {
  try {
    await client.query("create temporary table room (bytes bigint)");
    await client.query(`copy room from program 'df --output=avail -B1 . | tail -n 1'`);
    const { rows } = await client.query<{ bytes: string }>("select bytes::text from room");
    return rows[0] === undefined ? null : Number(rows[0].bytes);
  } catch {
    return null;
  }
}

/** A full disk would end the service that this check is there to protect. */
const needRoom = (run: Run, database: string): Promise<void> =>
  onServer(run, async (client) => {
    const { rows } = await client.query<{ size: string }>("select pg_database_size($1)::text as size", [database]);
    const [size, free] = [Number(rows[0]?.size), await freeBytes(client)];
    if (free !== null && free < size * 2)
      throw new Error(
        `the disk has ${free} bytes free, and a second copy (${size} bytes) with its log needs twice that`,
      );
  });

/**
 * Restores a backup from the store into a scratch database beside the real one, has PostgreSQL check every page and
 * index, compares it with what was backed up, and audits it. `key` is the key pair that the backup was made with.
 * Returns what is worth telling. Throws where any step fails; the scratch database is gone in any case.
 */
export async function checkRestore(run: Run, manifest: Manifest, key: KeyPair): Promise<Record<string, unknown>> {
  const started = performance.now();
  const database = databaseOf(run.config.DATABASE_URL);
  const scratch = `${database}_restore_check`;
  try {
    await step(run, "room", () => needRoom(run, database));
    await step(run, "restore", async () => {
      await dropDatabase(run, scratch);
      await withIdentityFile(key.identity, (identity) => restoreDump(run, manifest, identity, scratch));
    });
    const restored = secondsSince(started);
    const { answers } = await step(run, "compare", () => compareRestored(run, manifest, scratch));
    await step(run, "pages and indexes", async () => {
      const args = ["--install-missing", "--heapallindexed", "--jobs=2", `--database=${scratch}`];
      await runProgram(run, { command: "pg_amcheck", args, env: libpq(run.config.DATABASE_URL, scratch) });
    });
    return { backup: manifest.name, answers, restoreSeconds: restored, seconds: secondsSince(started) };
  } finally {
    await dropDatabase(run, scratch).catch((error: unknown) =>
      run.log.error({ err: error }, "the scratch database is left"),
    );
  }
}
