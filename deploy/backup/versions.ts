import type { ClientBase } from "pg";
import { majorOf } from "./program.ts";
import type { Run } from "./run.ts";

/** The major version of the PostgreSQL at the other end. */
export async function majorOfServer(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ number: string }>("select current_setting('server_version_num') as number");
  return Math.floor(Number(rows[0]?.number) / 10_000);
}

/**
 * Throws unless the programs here are of the server's own major version: an older one cannot read it, and what a newer
 * one writes an older server cannot read.
 */
export async function compareVersions(run: Run, server: number): Promise<void> {
  for (const command of ["pg_dump", "pg_dumpall", "pg_restore", "psql"]) {
    const here = await majorOf(run, command);
    if (here !== server) throw new Error(`${command} is of PostgreSQL ${here}, and the server of ${server}`);
  }
}
