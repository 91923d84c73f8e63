import { Client } from "pg";
import { compareVersions, majorOfServer } from "./versions.ts";
import { rowsOf, takeContents } from "./contents.ts";
import { files, keepManifest, keysOfBackups, nameOf, type Manifest } from "./manifest.ts";
import { keptDays, oldKeys } from "./old-keys.ts";
import { databaseOf, feedProgram, libpq, runProgram, startProgram } from "./program.ts";
import { type Run, secondsSince, step } from "./run.ts";
import { type KeyPair, keepSealed, needSame, readSealed, withIdentityFile } from "./sealed.ts";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";

export interface MadeBackup {
  manifest: Manifest;
  /** What is worth telling. */
  detail: Record<string, unknown>;
}

/**
 * Makes a backup: everything of one moment, encrypted on its way out, read back, decrypted and compared before it
 * counts. `key` is a key pair of this run alone (docs/decisions/0007): what is read back is opened with it, and the
 * operator's private key is nowhere near. Throws where any step fails; then there is no new backup.
 */
export async function makeBackup(run: Run, key: KeyPair, startedAt: Date): Promise<MadeBackup> {
  const started = performance.now();
  const { DATABASE_URL, BACKUP_AGE_RECIPIENT } = run.config;
  const recipients = [...BACKUP_AGE_RECIPIENT.split(",").map((each) => each.trim()), key.recipient];
  const name = nameOf(startedAt);
  const env = libpq(DATABASE_URL);
  const client = new Client({ connectionString: DATABASE_URL, application_name: "charlie-backup", keepAlive: true });
  // Where the connection breaks, the query under way fails, and that is enough.
  client.on("error", () => {});
  try {
    await step(run, "connect", () => client.connect());
    const major = await step(run, "versions", async () => {
      const server = await majorOfServer(client);
      await compareVersions(run, server);
      return server;
    });
    const snapshot = await step(run, "snapshot", async () => {
      await client.query("begin isolation level repeatable read, read only");
      const { rows } = await client.query<{ id: string }>("select pg_export_snapshot() as id");
      return rows[0]?.id ?? "";
    });
    // Roles and who is a member of which. Passwords belong to a host, not to the data.
    const globals = await step(run, "globals", async () => {
      const args = [
        "--globals-only",
        "--no-role-passwords",
        "--no-tablespaces",
        `--database=${databaseOf(DATABASE_URL)}`,
      ];
      const printed = await runProgram(run, { command: "pg_dumpall", args, env });
      return keepSealed(run, {
        key: `${name}/${files.globals}`,
        source: Readable.from([Buffer.from(printed)]),
        made: Promise.resolve(),
        recipients,
      });
    });
    const [dump, contents] = await step(run, "dump", async () => {
      const args = ["--format=custom", "--compress=zstd:3", `--snapshot=${snapshot}`, "--lock-wait-timeout=60s"];
      const { stdout, ended, stdin } = startProgram(run, { command: "pg_dump", args, env });
      stdin.end();
      const kept = keepSealed(run, { key: `${name}/${files.dump}`, source: stdout, made: ended, recipients });
      return Promise.all([kept, takeContents(client)]);
    });
    const migration = await step(run, "contents", async () => {
      const { rows } = await client.query<{ last: number | null }>("select max(number) as last from schema_migrations");
      const last = rows[0]?.last ?? 0;
      if (last === 0 || dump.plain.bytes === 0)
        throw new Error("the database is empty: is DATABASE_URL the right one?");
      await client.query("commit");
      return last;
    });
    const manifest: Manifest = {
      format: 1,
      name,
      major,
      migration,
      files: { [files.globals]: globals, [files.dump]: dump },
      contents,
    };
    await withIdentityFile(key.identity, async (identity) => {
      await step(run, "read back", () => readBack(run, manifest, identity));
      await step(run, "manifest", () => keepManifest(run, manifest, { recipients, identity }));
    });
    const removal = await step(run, "remove old", () => removeOld(run, startedAt));
    const detail = {
      backup: name,
      bytes: dump.sealed.bytes + globals.sealed.bytes,
      rows: rowsOf(contents),
      tables: Object.keys(contents.tables).length,
      seconds: secondsSince(started),
      ...removal,
    };
    return { manifest, detail };
  } finally {
    await client.end().catch(() => {});
  }
}

/** Reads what was kept, to the last byte, and has PostgreSQL's own program go through the dump. */
async function readBack(run: Run, manifest: Manifest, identity: string): Promise<void> {
  for (const file of [files.globals, files.dump] as const) {
    const key = `${manifest.name}/${file}`;
    const read = await readSealed(run, { key, identity }, async (plain) => {
      if (file === files.globals) return finished(plain.resume());
      return feedProgram(run, { command: "pg_restore", args: ["--file=/dev/null"] }, plain);
    });
    needSame(key, manifest.files[file], read.file);
  }
}

async function removeOld(run: Run, now: Date): Promise<Record<string, unknown>> {
  const old = oldKeys(await keysOfBackups(run), now);
  let removed = 0;
  for (const key of old) {
    if (!(await run.storage.remove(key, run.signal))) {
      const kept = `these credentials may not delete, which is right; a lifecycle rule of the bucket has to, after ${keptDays} days`;
      return { oldFiles: old.length - removed, kept };
    }
    removed += 1;
  }
  return { removed };
}
