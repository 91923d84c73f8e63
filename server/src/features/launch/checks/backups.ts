import { randomUUID } from "node:crypto";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { check, reasonOf, Wrong } from "./check.ts";

/** Always the same: it cannot be deleted again. */
const name = "doctor.txt";

const isRefused = (error: unknown): boolean =>
  error instanceof S3ServiceException && [401, 403, 405].includes(error.$metadata.httpStatusCode ?? 0);

const store = check({
  id: "backups.store",
  group: "backups",
  looksAt: "Backups can be written and read, and not be deleted with this server's key",
  variables: ["BACKUP_S3_ENDPOINT", "BACKUP_S3_BUCKET", "BACKUP_S3_ACCESS_KEY_ID", "BACKUP_S3_SECRET_ACCESS_KEY"],
  reads: ["BACKUP_S3_REGION", "BACKUP_S3_PREFIX"],
  run: async (settings, { signal }) => {
    const s3 = new S3Client({
      endpoint: settings.BACKUP_S3_ENDPOINT,
      region: settings.BACKUP_S3_REGION ?? "us-east-1",
      credentials: {
        accessKeyId: settings.BACKUP_S3_ACCESS_KEY_ID,
        secretAccessKey: settings.BACKUP_S3_SECRET_ACCESS_KEY,
      },
      forcePathStyle: true,
      maxAttempts: 2,
    });
    const prefix = settings.BACKUP_S3_PREFIX?.replaceAll(/^\/+|\/+$/g, "");
    const place = { Bucket: settings.BACKUP_S3_BUCKET, Key: prefix ? `${prefix}/${name}` : name };
    const words = `Written by npm run doctor. ${randomUUID()}`;
    const abort = { abortSignal: signal };
    try {
      await s3.send(new PutObjectCommand({ ...place, Body: words }), abort).catch((error: unknown) => {
        throw new Wrong(
          `nothing can be written to ${place.Bucket}: ${reasonOf(error)}`,
          "Look at BACKUP_S3_ENDPOINT, _REGION, _BUCKET and the key's right to PutObject.",
          error,
        );
      });
      const read = await s3.send(new GetObjectCommand(place), abort).catch((error: unknown) => {
        throw new Wrong(
          `what was written cannot be read: ${reasonOf(error)}`,
          "Give the key the right to GetObject: every backup is read back before it counts.",
          error,
        );
      });
      if ((await read.Body?.transformToString()) !== words)
        throw new Wrong("what was read is not what was written", "Look at the storage: it may be a cache in between.");
      const deleted = await s3.send(new DeleteObjectCommand(place), abort).then(
        () => true,
        (error: unknown) => {
          if (isRefused(error)) return false;
          throw error;
        },
      );
      if (deleted)
        throw new Wrong(
          "this key may delete backups: whoever breaks into this server could delete them all",
          "Use a key without the right to DeleteObject, and let a lifecycle rule of the bucket delete after 30 days.",
        );
      return `written, read back, and not to be deleted (${place.Bucket})`;
    } finally {
      s3.destroy();
    }
  },
});

export const backupChecks = [store];
