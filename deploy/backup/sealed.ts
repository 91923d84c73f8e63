import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { runProgram, startProgram } from "./program.ts";
import type { Run } from "./run.ts";

/** What went through a stream. */
export interface Digest {
  bytes: number;
  sha256: string;
}

/** A file in the store: what was sealed, and the sealed bytes that lie there. */
export interface SealedFile {
  plain: Digest;
  sealed: Digest;
}

/** Counts and digests what passes. */
function measure(): { through: Transform; digest: () => Digest } {
  const hash = createHash("sha256");
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { through, digest: () => ({ bytes, sha256: hash.copy().digest("hex") }) };
}

/** The end of a stream is only told once everything that made it ended well. */
async function* wholeOnly(stream: Readable, made: Promise<unknown>): AsyncGenerator<Buffer> {
  yield* stream as AsyncIterable<Buffer>;
  await made;
}

/** The first failure that says something: a pipe that broke is what the others' failure looks like from here. */
async function allOf(parts: Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(parts)).filter((part) => part.status === "rejected");
  const telling = failures.find(({ reason }) => !/EPIPE|premature close|aborted/i.test(String(reason))) ?? failures[0];
  if (telling) throw telling.reason;
}

/**
 * Encrypts what `source` brings with age and keeps it in the store. `made` is the end of what makes the source: unless
 * that ends well, nothing is kept.
 */
export async function keepSealed(
  run: Run,
  { key, source, made, recipients }: { key: string; source: Readable; made: Promise<unknown>; recipients: string[] },
): Promise<SealedFile> {
  const age = startProgram(run, { command: "age", args: recipients.flatMap((recipient) => ["-r", recipient]) });
  const [plain, sealed] = [measure(), measure()];
  const poured = pipeline(source, plain.through, age.stdin);
  const all = allOf([made, age.ended, poured]);
  let failed: { why: unknown } | null = null;
  all.catch((why: unknown) => {
    failed = { why };
  });
  const body = Readable.from(wholeOnly(age.stdout.pipe(sealed.through), all), { objectMode: false });
  try {
    await run.storage.put(key, body, run.signal);
  } catch (error) {
    // What the store says to an upload that was broken off may hide why it was.
    const { why } = failed ?? { why: error };
    // Where the store stopped reading, nobody else would ever end.
    source.destroy();
    age.stdout.destroy();
    throw why;
  }
  await all;
  return { plain: plain.digest(), sealed: sealed.digest() };
}

/** What reads a decrypted file: takes the stream to its end, and throws where it does not like it. */
type Reader<T> = (plain: Readable) => Promise<T>;

/** Reads a file of the store, decrypted, and tells what passed. */
export async function readSealed<T>(
  run: Run,
  { key, identity }: { key: string; identity: string },
  read: Reader<T>,
): Promise<{ file: SealedFile; result: T }> {
  const stored = await run.storage.get(key, run.signal);
  const [plain, sealed] = [measure(), measure()];
  const age = startProgram(run, { command: "age", args: ["--decrypt", "--identity", identity] });
  const out = new PassThrough();
  const reading = read(out);
  // A reader that fails stops the rest.
  reading.catch(() => out.destroy());
  await allOf([
    reading,
    age.ended,
    pipeline(stored, sealed.through, age.stdin),
    pipeline(age.stdout, plain.through, out),
  ]);
  return { file: { plain: plain.digest(), sealed: sealed.digest() }, result: await reading };
}

/** Throws where a file is not, to the byte, what was kept. */
export function needSame(key: string, kept: SealedFile, read: SealedFile): void {
  for (const part of ["sealed", "plain"] as const) {
    const [want, is] = [kept[part], read[part]];
    if (want.bytes !== is.bytes)
      throw new Error(`${key} has ${is.bytes} bytes and should have ${want.bytes} (${part})`);
    if (want.sha256 !== is.sha256) throw new Error(`${key} is not what was kept: its sha256 differs (${part})`);
  }
}

export interface KeyPair {
  recipient: string;
  /** The private half. */
  identity: string;
}

/** A new age key pair. */
export async function makeKeyPair(run: Run): Promise<KeyPair> {
  const identity = await runProgram(run, { command: "age-keygen", args: [] });
  const recipient = /public key: (age1\w+)/.exec(identity)?.[1];
  if (recipient === undefined) throw new Error("age-keygen made no key");
  return { recipient, identity };
}

/** age reads private keys from files only: this one is ours alone, and gone afterwards. In production it is in memory. */
export async function withIdentityFile<T>(identity: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "charlie-key-"));
  chmodSync(folder, 0o700);
  const file = join(folder, "identity");
  try {
    writeFileSync(file, identity, { mode: 0o600 });
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
