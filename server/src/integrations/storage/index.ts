import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

export interface StorageSettings {
  /** Unset: Amazon's own. */
  endpoint?: string | undefined;
  region?: string | undefined;
  bucket: string;
  /** Before every key, without slashes at its ends; nothing by default. */
  prefix?: string | undefined;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Storage {
  /** Stores what the stream brings. Where the stream fails nothing is stored, and its error is thrown. */
  put(key: string, body: Readable, signal?: AbortSignal): Promise<void>;
  /** Throws where there is no such key. */
  get(key: string, signal?: AbortSignal): Promise<Readable>;
  /** All keys, or those with this beginning, in the order of their characters. */
  list(signal?: AbortSignal, beginning?: string): Promise<string[]>;
  /** Returns false where these credentials may not delete, which is how they should be. */
  remove(key: string, signal?: AbortSignal): Promise<boolean>;
  close(): void;
}

/** Memory of an upload: so many parts of so many bytes wait at once. 10,000 parts at most: 160 GB. */
const upload = { partSize: 16 << 20, queueSize: 2, leavePartsOnError: false };

/** What the store said, in one line, without keys. */
function told(error: unknown, doing: string): unknown {
  if (!(error instanceof S3ServiceException)) return error;
  const status = error.$metadata.httpStatusCode ?? "no status";
  return new Error(`the store refused ${doing}: ${error.name} (${status})`, { cause: error });
}

const isRefused = (error: unknown): boolean =>
  error instanceof S3ServiceException && [401, 403, 405].includes(error.$metadata.httpStatusCode ?? 0);

/** Any store that speaks S3's protocol. Keys are given and returned without the prefix. */
export function openStorage(settings: StorageSettings): Storage {
  const client = new S3Client({
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint, forcePathStyle: true }),
    region: settings.region ?? "us-east-1",
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    // The SDK's own checksums are refused by several stores that speak S3; what is stored is read back and compared anyway.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 120_000 },
  });
  const tidy = settings.prefix?.replaceAll(/^\/+|\/+$/g, "") ?? "";
  const prefix = tidy === "" ? "" : `${tidy}/`;
  const place = (key: string) => ({ Bucket: settings.bucket, Key: prefix + key });
  const abort = (signal?: AbortSignal) => (signal === undefined ? {} : { abortSignal: signal });
  return {
    put: async (key, body, signal) => {
      const sending = new Upload({ client, ...upload, params: { ...place(key), Body: body } });
      const stop = () => void sending.abort().catch(() => {});
      signal?.addEventListener("abort", stop);
      try {
        signal?.throwIfAborted();
        await sending.done();
      } catch (error) {
        throw told(error, `to keep ${key}`);
      } finally {
        signal?.removeEventListener("abort", stop);
        body.destroy();
      }
    },
    get: async (key, signal) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(place(key)), abort(signal));
        return Body as Readable;
      } catch (error) {
        throw told(error, `to give ${key}`);
      }
    },
    list: async (signal, beginning = "") => {
      const keys: string[] = [];
      try {
        const pages = paginateListObjectsV2(
          { client },
          { Bucket: settings.bucket, Prefix: prefix + beginning },
          abort(signal),
        );
        for await (const { Contents } of pages)
          keys.push(...(Contents ?? []).map(({ Key }) => (Key ?? "").slice(prefix.length)));
      } catch (error) {
        throw told(error, "to list its keys");
      }
      return keys;
    },
    remove: async (key, signal) => {
      try {
        await client.send(new DeleteObjectCommand(place(key)), abort(signal));
        return true;
      } catch (error) {
        if (isRefused(error)) return false;
        throw told(error, `to delete ${key}`);
      }
    },
    close: () => client.destroy(),
  };
}
