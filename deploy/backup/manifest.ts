import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { Run } from "./run.ts";
import { keepSealed, readSealed } from "./sealed.ts";

/** The files of a backup, each below the backup's name. The manifest comes last: without it there is no backup. */
export const files = { globals: "globals.sql.age", dump: "database.dump.age", manifest: "manifest.json.age" } as const;

const digest = z.object({ bytes: z.int(), sha256: z.string() });
const sealedFile = z.object({ plain: digest, sealed: digest });

const schema = z.object({
  /** Raised where this form changes. */
  format: z.literal(1),
  name: z.string(),
  /** Major version of the PostgreSQL that it is of. */
  major: z.int(),
  /** The last migration that had run. */
  migration: z.int(),
  files: z.object({ [files.globals]: sealedFile, [files.dump]: sealedFile }),
  contents: z.object({
    tables: z.record(z.string(), z.object({ rows: z.string(), content: z.string() })),
    sums: z.record(z.string(), z.string()),
  }),
});

/** What a backup has to be when it is restored. It is encrypted like the rest: it tells how the business goes. */
export type Manifest = z.infer<typeof schema>;

/** A backup's name is the moment at which it began: names in order are backups in order. */
export const nameOf = (at: Date): string => at.toISOString().replaceAll(":", "-");

/** The keys of all backups. All names begin with this millennium; the log archive, with far more keys, lies in the same bucket. */
export const keysOfBackups = ({ storage, signal }: Run): Promise<string[]> => storage.list(signal, "2");

/** The moment in a backup's name; null where it is no such name. */
export function momentOf(name: string): Date | null {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)$/.exec(name);
  return parts ? new Date(`${parts[1]}:${parts[2]}:${parts[3]}`) : null;
}

/** Keeps the manifest, by which a backup begins to count, and reads it back. */
export async function keepManifest(run: Run, manifest: Manifest, to: { recipients: string[]; identity: string }) {
  const written = JSON.stringify(manifest);
  const key = `${manifest.name}/${files.manifest}`;
  await keepSealed(run, {
    key,
    source: Readable.from([Buffer.from(written)]),
    made: Promise.resolve(),
    recipients: to.recipients,
  });
  const { result } = await readSealed(run, { key, identity: to.identity }, text);
  if (result !== written) throw new Error(`${key} is not what was kept`);
}

/** Reads a backup's manifest. `identity` is the path of a private key. Throws where the key is not one of this backup's. */
export async function readManifest(run: Run, name: string, identity: string): Promise<Manifest> {
  const { result } = await readSealed(run, { key: `${name}/${files.manifest}`, identity }, text);
  return schema.parse(JSON.parse(result));
}

/** The names of all backups that are whole, oldest first. */
export const wholeBackups = (keys: string[]): string[] =>
  keys
    .filter((key) => key.endsWith(`/${files.manifest}`))
    .map((key) => key.slice(0, -files.manifest.length - 1))
    .filter((name) => momentOf(name) !== null)
    .toSorted();
