import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";

export interface Secrets {
  /** Signs sessions and tokens. */
  auth: string;
  /** 32 bytes that encrypt the workspaces' AI keys. */
  encryptionKey: Buffer;
}

/**
 * The secrets of the environment; where one is not set (never in production: config.ts refuses that), one made at the
 * first start and kept in the data folder, so that sessions and saved keys outlive a restart.
 */
export function findSecrets(config: Config): Secrets {
  const given = { auth: config.BETTER_AUTH_SECRET, encryption: config.ENCRYPTION_KEY };
  const file = join(config.dataDir, "secrets.json");
  // In production all that is needed is given: without Better Auth nothing needs its secret.
  const complete = config.production || (given.auth && given.encryption);
  const made = complete ? { auth: "", encryption: "" } : readOrMake(file);
  return {
    auth: given.auth ?? made.auth,
    encryptionKey: Buffer.from(given.encryption ?? made.encryption, "base64url"),
  };
}

function readOrMake(file: string): { auth: string; encryption: string } {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as { auth: string; encryption: string };
  const made = { auth: randomBytes(32).toString("base64url"), encryption: randomBytes(32).toString("base64url") };
  // Under its real name it is whole, whenever a start is killed.
  writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}
