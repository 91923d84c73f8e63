import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { examine, failed, ok } from "../../server/test/launch.ts";
import { bucket, startStore, type Store } from "./test/store.ts";

let store: Store;
let env: Record<string, string>;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.close());
beforeEach(() => {
  store.refuse = ["DELETE"];
  env = {
    BACKUP_S3_ENDPOINT: store.url,
    BACKUP_S3_BUCKET: bucket,
    BACKUP_S3_PREFIX: "/charlie/",
    BACKUP_S3_ACCESS_KEY_ID: "S3RVER",
    BACKUP_S3_SECRET_ACCESS_KEY: "S3RVER",
  };
});
const look = () => examine("backups.store", env);

test("a store that may be written and read, and not be deleted from, is in order, again and again", async () => {
  const asked: string[] = [];
  store.onRequest = (line) => void asked.push(line.replace(/\?.*/, ""));
  for (let round = 0; round < 2; round++) expect(await look()).toEqual(ok("written, read back, and not to be deleted"));
  const each = ["PUT", "GET", "DELETE"].map((method) => `${method} /${bucket}/charlie/doctor.txt`);
  expect(asked).toEqual([...each, ...each]);
});

test("a key that may delete is the wrong one", async () => {
  store.refuse = [];
  expect(await look()).toEqual(failed("this key may delete backups", "lifecycle"));
});

test("one that may not write, or not read, is too", async () => {
  store.refuse = ["PUT", "POST", "DELETE"];
  expect(await look()).toEqual(failed(`nothing can be written to ${bucket}: `, "PutObject"));
  store.refuse = ["GET", "DELETE"];
  expect(await look()).toEqual(failed("what was written cannot be read: ", "GetObject"));
});

test("so is one that the store does not know; a bucket that is not there, and a store that is away", async () => {
  env["BACKUP_S3_ACCESS_KEY_ID"] = "N0body29";
  expect(await look()).toEqual(failed("nothing can be written to backups: "));
  env["BACKUP_S3_ACCESS_KEY_ID"] = "S3RVER";
  env["BACKUP_S3_BUCKET"] = "elsewhere";
  expect(await look()).toEqual(failed("nothing can be written to elsewhere: "));
  env["BACKUP_S3_ENDPOINT"] = "http://127.0.0.1:9";
  expect(await look()).toEqual(failed("nothing can be written"));
});
