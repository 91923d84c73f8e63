import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { text as readText } from "node:stream/consumers";
import { openStorage } from "../../../integrations/storage/index.ts";
import type { Settings } from "../../../settings.ts";
import { isAgeRecipient } from "../age-keys.ts";
import { ago, lastWell } from "../outcomes.ts";
import { check, NotYet, reasonOf, Wrong } from "./check.ts";

/** Always the same: it cannot be deleted again. */
const name = "doctor.txt";

const ofStore = [
  "BACKUP_S3_ENDPOINT",
  "BACKUP_S3_BUCKET",
  "BACKUP_S3_ACCESS_KEY_ID",
  "BACKUP_S3_SECRET_ACCESS_KEY",
] as const;

/**
 * The servers that answer people do not have the backups' key: whoever breaks into one finds no backups. What the service
 * `backup` wrote down says whether it has.
 */
async function elsewhere({ DATABASE_URL }: Settings, names: readonly string[]): Promise<string> {
  const well = DATABASE_URL === undefined ? undefined : await lastWell(DATABASE_URL, "backup");
  if (well) return `only the service backup has it, as it should be; it made a backup ${ago(well.endedAt)}`;
  throw new NotYet(`${names.join(", ")} ${names.length === 1 ? "is" : "are"} not set`, "npm run setup asks for it.");
}

const store = check({
  id: "backups.store",
  group: "backups",
  looksAt: "Backups can be written and read, and not be deleted with this server's key",
  variables: [],
  reads: [...ofStore, "BACKUP_S3_REGION", "BACKUP_S3_PREFIX", "DATABASE_URL"],
  run: async (settings, { signal }) => {
    const {
      BACKUP_S3_ENDPOINT: endpoint,
      BACKUP_S3_BUCKET: bucket,
      BACKUP_S3_ACCESS_KEY_ID: accessKeyId,
      BACKUP_S3_SECRET_ACCESS_KEY: secretAccessKey,
    } = settings;
    if (!endpoint || !bucket || !accessKeyId || !secretAccessKey) {
      const absent = ofStore.filter((each) => settings[each] === undefined);
      if (absent.length === ofStore.length) return elsewhere(settings, absent);
      throw new NotYet(`${absent.join(", ")} not set`, "npm run setup asks for what is missing.");
    }
    const { BACKUP_S3_REGION: region, BACKUP_S3_PREFIX: prefix } = settings;
    const storage = openStorage({ endpoint, region, bucket, prefix, accessKeyId, secretAccessKey });
    const words = `Written by npm run doctor. ${randomUUID()}`;
    try {
      await storage.put(name, Readable.from([words]), signal).catch((error: unknown) => {
        throw new Wrong(
          `nothing can be written to ${bucket}: ${reasonOf(error)}`,
          "Look at BACKUP_S3_ENDPOINT, _REGION, _BUCKET and the key's right to PutObject.",
          error,
        );
      });
      const read = await storage.get(name, signal).then(readText, (error: unknown) => {
        throw new Wrong(
          `what was written cannot be read: ${reasonOf(error)}`,
          "Give the key the right to GetObject: every backup is read back before it counts.",
          error,
        );
      });
      if (read !== words)
        throw new Wrong(
          "what was read is not what was written",
          "Look whether something between here and the store keeps copies.",
        );
      if (await storage.remove(name, signal))
        throw new Wrong(
          "this key may delete backups: whoever breaks into this server could delete them all",
          "Use a key without the right to DeleteObject, and let a lifecycle rule of the bucket delete after 30 days.",
        );
      return `written, read back, and not to be deleted (${bucket})`;
    } finally {
      storage.close();
    }
  },
});

const recipient = check({
  id: "backups.recipient",
  group: "backups",
  looksAt: "Backups are encrypted for an age key whose private half is not here",
  variables: [],
  reads: ["BACKUP_AGE_RECIPIENT", "DATABASE_URL"],
  run: async (settings) => {
    const { BACKUP_AGE_RECIPIENT } = settings;
    if (BACKUP_AGE_RECIPIENT === undefined) return elsewhere(settings, ["BACKUP_AGE_RECIPIENT"]);
    const keys = BACKUP_AGE_RECIPIENT.split(",").map((each) => each.trim());
    const todo = "It begins with age1; npm run setup makes a pair, and so does age-keygen.";
    if (!keys.every(isAgeRecipient)) throw new Wrong("BACKUP_AGE_RECIPIENT is no public key of age", todo);
    return keys.length === 1 ? "one key" : `${keys.length} keys`;
  },
});

export const backupChecks = [store, recipient];
