/**
 * `npm run snapshots` rewrites what is committed of the database's schema and of the HTTP interface, from the real
 * migrations and the real app. With `--check` it only compares, and ends with 1 and the first differing lines.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { Client } from "pg";
import { buildApp } from "../server/src/app.ts";
import { readConfig } from "../server/src/config.ts";
import { openDatabase } from "../server/src/db/client.ts";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";
import { makeStripe } from "../server/src/integrations/stripe/index.ts";
import { makeLog } from "../server/src/log.ts";
import { describeSchema } from "./describe-schema.ts";

const root = join(import.meta.dirname, "..");
const schemaFile = join(root, "server/src/db/schema.snapshot.txt");
const openApiFile = join(root, "docs/openapi.json");
const shownLines = 40;

async function schemaOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await describeSchema(client);
  } finally {
    await client.end();
  }
}

async function openApiOf(url: string): Promise<string> {
  const db = openDatabase(url);
  const app = await buildApp({
    config: readConfig({ NODE_ENV: "test", RATE_LIMIT_SCALE: "0" }),
    publicUrl: "http://localhost",
    secrets: { auth: "only for the snapshot of the interface", encryptionKey: Buffer.alloc(32) },
    db,
    // Nothing is asked of it.
    stripe: {
      stripe: makeStripe({ secretKey: "sk_test_nobody", server: { host: "127.0.0.1", port: 9 } }),
      catalogue: () => Promise.reject(new Error("there is no Stripe here")),
      webhookSecrets: [],
      customerUrl: (customer) => customer,
      now: () => new Date(),
    },
    mailSender: null,
    demo: null,
    log: makeLog("silent"),
  });
  try {
    const { body } = await app.fastify.inject("/api/openapi.json");
    return `${JSON.stringify(JSON.parse(body), null, 2)}\n`;
  } finally {
    await app.shutDown({ ms: 0 });
    await db.close();
  }
}

/** What differs, as git shows it: at most so many lines. */
function difference(committed: string, made: string): string {
  const { stdout } = spawnSync("git", ["diff", "--no-index", "--no-color", "-U2", committed, made], {
    encoding: "utf8",
  });
  const lines = stdout.split("\n").slice(4);
  return [...lines.slice(0, shownLines), ...(lines.length > shownLines ? ["…"] : [])].join("\n");
}

const folder = mkdtempSync(join(tmpdir(), "charlie-snapshots-"));
const postgres = await startPostgres(folder, { settings: ["fsync=off"] });
try {
  await migrate(postgres.url);
  const made = new Map([
    [schemaFile, await schemaOf(postgres.url)],
    [openApiFile, await openApiOf(postgres.url)],
  ]);
  for (const [file, text] of made) {
    const committed = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (committed === text) continue;
    const name = relative(root, file);
    if (process.argv.includes("--check")) {
      console.log(`${name} is not what the code makes; look at it and run npm run snapshots:`);
      const fresh = join(folder, basename(file));
      writeFileSync(fresh, text);
      console.log(difference(file, fresh));
      process.exitCode = 1;
    } else {
      writeFileSync(file, text);
      console.log(`${name} rewritten`);
    }
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
