import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The address of the embedded PostgreSQL that a running `npm start` has on this data folder; null where none runs.
 * Starts and stops nothing.
 */
export function runningPostgres(folder: string, database = "charlie"): string | null {
  const [pidFile, passwordFile] = [join(folder, "postgres/postmaster.pid"), join(folder, "postgres-password")];
  if (!existsSync(pidFile) || !existsSync(passwordFile)) return null;
  // PostgreSQL writes its port on the fourth line (src/include/utils/pidfile.h).
  const port = Number(readFileSync(pidFile, "utf8").split("\n")[3]);
  if (!Number.isInteger(port) || port <= 0) return null;
  const password = encodeURIComponent(readFileSync(passwordFile, "utf8").trim());
  return `postgres://charlie:${password}@127.0.0.1:${port}/${database}`;
}
