import { readBackupConfig } from "../../../server/src/config.ts";
import { openDatabase } from "../../../server/src/db/client.ts";
import { openStorage } from "../../../server/src/integrations/storage/index.ts";
import { makeLog } from "../../../server/src/log.ts";
import type { Run } from "../run.ts";
import { bucket, type Store } from "./store.ts";

/** As environment variables: what a backup into this store needs. */
export const backupEnv = (store: Store, databaseUrl: string, recipient: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  BACKUP_S3_ENDPOINT: store.url,
  BACKUP_S3_BUCKET: bucket,
  BACKUP_S3_PREFIX: "/charlie/",
  BACKUP_S3_ACCESS_KEY_ID: "S3RVER",
  BACKUP_S3_SECRET_ACCESS_KEY: "S3RVER",
  BACKUP_AGE_RECIPIENT: recipient,
  OPERATOR_EMAILS: "ann@example.org",
  PUBLIC_URL: "https://charlie.example.org",
});

/** A public key whose private half nobody has. */
const nobodys = "age1rz088adsldfyaw4tn645ythl9tt42uskr79phaap0s34p80utdqs3nrd93";

/** A run against a store, of the programs on this machine unless others are put first in the path. */
export function testRun(
  store: Store,
  { databaseUrl = "postgres://nobody@127.0.0.1:9/none", recipient = nobodys, path = "" } = {},
): Run {
  const config = readBackupConfig(backupEnv(store, databaseUrl, recipient));
  const storage = openStorage({
    endpoint: config.BACKUP_S3_ENDPOINT,
    bucket,
    prefix: config.BACKUP_S3_PREFIX,
    accessKeyId: config.BACKUP_S3_ACCESS_KEY_ID,
    secretAccessKey: config.BACKUP_S3_SECRET_ACCESS_KEY,
  });
  return {
    config,
    db: openDatabase(databaseUrl, { max: 2 }),
    storage,
    log: makeLog("silent"),
    signal: new AbortController().signal,
    path: `${path}:/usr/bin:/bin`,
  };
}
