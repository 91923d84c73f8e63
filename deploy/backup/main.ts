/**
 * Backups of the service's database (docs/decisions/0007): `node deploy/backup/main.ts [command]`.
 *
 *   (nothing)   makes a backup each day at BACKUP_HOUR, and once a week restores it to see that it can be
 *   now         makes one now; --check restores and compares it as well
 *   list        names those that are whole
 *   restore     --identity FILE [--backup NAME] [--overwrite]; a file called - is standard input (see deploy/restore)
 *
 * Ends with 0 where all went well, 1 where a step failed, 2 where it could not begin.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ConfigError, readBackupConfig } from "../../server/src/config.ts";
import { openDatabase } from "../../server/src/db/client.ts";
import { openStorage } from "../../server/src/integrations/storage/index.ts";
import { makeLog } from "../../server/src/log.ts";
import { backUp, keepTimetable } from "./back-up.ts";
import { keysOfBackups, wholeBackups } from "./manifest.ts";
import { Busy } from "./recorded.ts";
import { restore } from "./restore.ts";
import { reason, type Run } from "./run.ts";
import { withIdentityFile } from "./sealed.ts";

/** Debian keeps each major version's programs in a folder of its own. */
const path = "/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin";

const options = {
  check: { type: "boolean", default: false },
  identity: { type: "string" },
  backup: { type: "string" },
  overwrite: { type: "boolean", default: false },
} as const;

/** What the person at the terminal has to know; nothing was done. */
class Refusal extends Error {}

async function obey(run: Run): Promise<boolean> {
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const [command = "daily"] = positionals;
  switch (command) {
    case "daily":
      await keepTimetable(run);
      return true;
    case "now":
      return backUp(run, { check: values.check });
    case "list":
      process.stdout.write(
        wholeBackups(await keysOfBackups(run))
          .map((name) => `${name}\n`)
          .join(""),
      );
      return true;
    case "restore": {
      const { identity, backup, overwrite } = values;
      if (identity === undefined)
        throw new Refusal("--identity is missing: the file with the private key, or - for standard input.");
      const key = readFileSync(identity === "-" ? 0 : identity, "utf8");
      const done = await withIdentityFile(key, (file) => restore(run, { identity: file, backup, overwrite }));
      process.stdout.write(
        `Restored ${done.backup} in ${done.seconds} s: ${done.rows} rows, each as it was; the audit of ${done.answers} answers found no difference.\n`,
      );
      if (done.before !== null) process.stdout.write(`What was there before is now called ${done.before}.\n`);
      return true;
    }
    default:
      throw new Refusal(`There is no command ${command}. Known are: now, list, restore.`);
  }
}

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());

try {
  const config = readBackupConfig();
  const log = makeLog(config.LOG_LEVEL);
  const db = openDatabase(config.DATABASE_URL, { max: 2 });
  const storage = openStorage({
    endpoint: config.BACKUP_S3_ENDPOINT,
    region: config.BACKUP_S3_REGION,
    bucket: config.BACKUP_S3_BUCKET,
    prefix: config.BACKUP_S3_PREFIX,
    accessKeyId: config.BACKUP_S3_ACCESS_KEY_ID,
    secretAccessKey: config.BACKUP_S3_SECRET_ACCESS_KEY,
  });
  try {
    process.exitCode = (await obey({ config, db, storage, log, signal: stopping.signal, path })) ? 0 : 1;
  } finally {
    storage.close();
    await db.close();
  }
} catch (error) {
  process.stderr.write(`${reason(error)}\n`);
  process.exitCode = error instanceof ConfigError || error instanceof Refusal || error instanceof Busy ? 2 : 1;
}
