import { randomUUIDv7 } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { flowOf } from "@charlie/contract";
import { asOperator, openDatabase, type Database } from "../../server/src/db/client.ts";
import { migrate } from "../../server/src/db/migrate.ts";
import { freePort } from "../../server/src/embedded/free-port.ts";
import { grow } from "../../server/test/grow.ts";
import { takeContents, type Contents } from "../backup/contents.ts";
import { makeKeyPair } from "../backup/sealed.ts";
import { testRun } from "../backup/test/run.ts";
import { bucket, type Store } from "../backup/test/store.ts";
import { must, root, run, type Ran } from "./engine.ts";
import { envFile, testSettings } from "./settings.ts";

/** A host with the production stack's database and its backups, and nothing else of it. */
export interface BackupHost {
  /** Its compose project's name. */
  name: string;
  url: string;
  folder: string;
  settingsFile: string;
  /** The file with the operator's private key. */
  keyFile: string;
  /** `docker compose` on it. Throws where it fails. */
  compose(...args: string[]): Promise<string>;
  /** The backup program in a container of its own; `options` go to `docker compose run`. */
  program(args: string[], options?: string[]): Promise<Ran>;
  /** deploy/restore */
  restore(...args: string[]): Promise<Ran>;
  /** deploy/restore-to */
  restoreTo(...args: string[]): Promise<Ran>;
  withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  contents(): Promise<Contents>;
  /** A new key pair's private half, in a file. */
  newKey(name: string): Promise<{ recipient: string; file: string }>;
  close(): Promise<void>;
}

/** Starts it, with a database of so many messages; `more` are added to its settings. */
export async function startBackupHost(
  store: Store,
  messages: number,
  more: Record<string, string> = {},
): Promise<BackupHost> {
  const folder = mkdtempSync(join(tmpdir(), "charlie-backup-"));
  const name = basename(folder).toLowerCase();
  const port = await freePort();
  const newKey = async (file: string) => {
    const local = testRun(store);
    const { recipient, identity } = await makeKeyPair(local);
    await local.db.close();
    writeFileSync(join(folder, file), identity, { mode: 0o600 });
    return { recipient, file: join(folder, file) };
  };
  const key = await newKey("identity");
  const settings: Record<string, string> = {
    ...testSettings("charlie.test"),
    STACK: name,
    IMAGE_BACKUP: "charlie:backup-test",
    BACKUP_S3_ENDPOINT: `http://host.docker.internal:${new URL(store.url).port}`,
    BACKUP_S3_BUCKET: bucket,
    BACKUP_S3_ACCESS_KEY_ID: "S3RVER",
    BACKUP_S3_SECRET_ACCESS_KEY: "S3RVER",
    BACKUP_AGE_RECIPIENT: key.recipient,
    OPERATOR_EMAILS: "ann@charlie.example",
    ...more,
  };
  const env = {
    SETTINGS: join(folder, ".env.production"),
    STATE: join(folder, "state"),
    COMPOSE_EXTRA: join(folder, "overlay.yml"),
  };
  writeFileSync(env.SETTINGS, envFile(settings), { mode: 0o600 });
  mkdirSync(env.STATE);
  // A disk that can be filled: it is in memory, which PostgreSQL's container has little of, and forgets when that stops.
  const small = 'volumes: { postgres: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=200m" } } }';
  // The test looks into the database from outside, and the store is on this machine.
  writeFileSync(
    env.COMPOSE_EXTRA,
    `services:
  backup: { extra_hosts: ["host.docker.internal:host-gateway"] }
  postgres:
    ports: ["127.0.0.1:${port}:5432"]
    command: [postgres, -cmax_wal_size=48MB, -cshared_buffers=32MB]
networks:
  data: { internal: false }
${more["PITR"] === undefined ? small : ""}
`,
  );
  const url = `postgres://charlie:${settings["POSTGRES_PASSWORD"]}@127.0.0.1:${port}/charlie`;
  const compose = (...args: string[]): Promise<string> => must(join(root, "deploy/compose"), args, env);
  const withDatabase = async <T>(work: (db: Database) => Promise<T>): Promise<T> => {
    const db = openDatabase(url);
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  };
  await compose("up", "--detach", "--wait", "postgres");
  await migrate(url);
  await withDatabase((db) => fill(db, messages));
  const command = ["backup", "node", "deploy/backup/main.ts"];
  return {
    name,
    url,
    folder,
    settingsFile: env.SETTINGS,
    keyFile: key.file,
    compose,
    program: (args, options = []) =>
      run(join(root, "deploy/compose"), ["run", "--rm", "--no-deps", "-T", ...options, ...command, ...args], env),
    restore: (...args) => run(join(root, "deploy/restore"), args, env),
    restoreTo: (...args) => run(join(root, "deploy/restore-to"), args, env),
    withDatabase,
    rows: (sql) => withDatabase(async (db) => (await db.operator.query<Record<string, unknown>>(sql)).rows),
    contents: () =>
      withDatabase((db) =>
        asOperator(db, async (tx) => {
          await tx.$client.query("set transaction isolation level repeatable read");
          return takeContents(tx.$client);
        }),
      ),
    newKey,
    close: async () => {
      await compose("--profile", "*", "down", "--volumes", "--timeout", "2");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function fill(db: Database, messages: number): Promise<void> {
  const [workspaceId, projectId, agentId] = [randomUUIDv7(), randomUUIDv7(), randomUUIDv7()];
  const flow = JSON.stringify(flowOf({ who: "A baker", rules: "", tricks: "We open at 8." }));
  const ask = (sql: string, values: unknown[]) => db.operator.query(sql, values);
  await ask("insert into workspaces (id, name, plan) values ($1, 'Bäckerei “Ünal”', 'team')", [workspaceId]);
  await ask("insert into projects (id, workspace_id, name) values ($1, $2, 'P')", [projectId, workspaceId]);
  await ask("insert into agents (id, workspace_id, project_id, name, flow) values ($1, $2, $3, 'Charlie', $4)", [
    agentId,
    workspaceId,
    projectId,
    flow,
  ]);
  await grow(db.operator, { messages, months: 3, workspaceId, agentId });
}
