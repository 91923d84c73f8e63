import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "./run.ts";
import { keepSealed, makeKeyPair, needSame, readSealed, withIdentityFile, type KeyPair } from "./sealed.ts";
import { startStore, type Store } from "./test/store.ts";
import { testRun } from "./test/run.ts";

let store: Store;
let run: Run;
let key: KeyPair;
beforeAll(async () => {
  store = await startStore();
  run = testRun(store);
  key = await makeKeyPair(run);
});
afterAll(() => store.close());

const keep = (name: string, source: Readable, made: Promise<unknown> = Promise.resolve()) =>
  keepSealed(run, { key: name, source, made, recipients: [key.recipient] });
const read = (name: string, pair = key) =>
  withIdentityFile(pair.identity, (identity) => readSealed(run, { key: name, identity }, buffer));

test("whatever is kept comes back to the byte, and what lies in the store is not readable", async () => {
  const bytes = fc.uint8Array({ maxLength: 100_000 }).map((each) => Buffer.from(each));
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      const kept = await keep("any", Readable.from([content]));
      const { file, result } = await read("any");
      expect(Buffer.compare(result, content)).toBe(0);
      needSame("any", kept, file);
      expect(kept.plain.bytes).toBe(content.length);
    }),
    { numRuns: 10 },
  );
  await keep("words", Readable.from([Buffer.from("what nobody else should read")]));
  expect((await text(await run.storage.get("words"))).includes("nobody")).toBe(false);
});

test("more than one part of an upload comes back as well", async () => {
  const piece = Buffer.alloc(1 << 20, "x");
  const kept = await keep("long", Readable.from(Array.from({ length: 20 }, () => piece)));
  expect(kept.plain.bytes).toBe(20 << 20);
  const { file } = await read("long");
  needSame("long", kept, file);
});

test("where its maker fails at the end, or its source in the middle, nothing is kept", async () => {
  const failed = Promise.reject(new Error("pg_dump ended with 1: disk full"));
  failed.catch(() => {});
  await expect(keep("unmade", Readable.from([Buffer.from("most of it")]), failed)).rejects.toThrow("disk full");
  const breaking = async function* () {
    yield Buffer.alloc(20 << 20);
    throw new Error("the line broke");
  };
  await expect(keep("broken", Readable.from(breaking()))).rejects.toThrow("the line broke");
  expect((await run.storage.list()).filter((name) => /unmade|broken/.test(name))).toEqual([]);
});

test("truncated, changed or emptied in the store, or asked for with another key: it is told, not returned", async () => {
  await keep("whole", Readable.from([Buffer.alloc(200_000, "y")]));
  const lying = await buffer(await run.storage.get("whole"));
  const put = (bytes: Buffer) => run.storage.put("spoilt", Readable.from([bytes]));
  await put(lying.subarray(0, -100));
  await expect(read("spoilt")).rejects.toThrow(/age ended with 1/);
  const changed = Buffer.from(lying);
  changed[150_000] = (changed[150_000] ?? 0) ^ 1;
  await put(changed);
  await expect(read("spoilt")).rejects.toThrow(/age ended with 1/);
  await put(Buffer.from(""));
  await expect(read("spoilt")).rejects.toThrow(/age ended with 1/);
  const other = await makeKeyPair(run);
  await expect(read("whole", other)).rejects.toThrow(/no identity matched/);
  await expect(read("missing")).rejects.toThrow("the store refused to give missing: NoSuchKey (404)");
});

test("a file of another size or content is not the one that was kept", () => {
  const digest = { bytes: 1, sha256: "a" };
  const file = { plain: digest, sealed: digest };
  expect(() => needSame("f", file, { ...file, sealed: { bytes: 2, sha256: "a" } })).toThrow("f has 2 bytes");
  expect(() => needSame("f", file, { ...file, plain: { bytes: 1, sha256: "b" } })).toThrow(
    "its sha256 differs (plain)",
  );
});

test("a private key's file is for its owner only, and gone afterwards", async () => {
  const path = await withIdentityFile("AGE-SECRET-KEY-1", async (file) => {
    expect(readFileSync(file, "utf8")).toBe("AGE-SECRET-KEY-1");
    return file;
  });
  expect(existsSync(path)).toBe(false);
});

test("a store that refuses says so, and ends what was under way; one that refuses to delete is right", async () => {
  store.refuse = ["PUT", "POST"];
  await expect(keep("refused", Readable.from([Buffer.alloc(40 << 20)]))).rejects.toThrow(
    "the store refused to keep refused: AccessDenied (403)",
  );
  store.refuse = ["DELETE"];
  expect(await run.storage.remove("whole")).toBe(false);
  store.refuse = [];
  expect(await run.storage.remove("whole")).toBe(true);
  expect(await run.storage.list()).not.toContain("whole");
});
