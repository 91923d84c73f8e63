import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startTestApp } from "../server/test/harness.ts";
import { postgresOf } from "../server/test/main-process.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";
import { onProcesses } from "./place.ts";
import { postgresFrozen } from "./scenarios/postgres-frozen.ts";

/** Sends a signal to a PostgreSQL and all that it started: each of those is in a process group of its own. */
function signalAll(postmaster: number, signal: "SIGSTOP" | "SIGCONT"): void {
  // The one that starts others comes first, so that there are no more of them afterwards.
  process.kill(postmaster, signal);
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(postmaster)], { encoding: "utf8" });
  for (const pid of stdout.split("\n").map(Number).filter(Boolean)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in between.
    }
  }
}

test("PostgreSQL frozen under load: not ready but alive, no restart, and then all goes on as if nothing had been", async () => {
  const folder = mkdtempSync(join(tmpdir(), "charlie-fault-"));
  const postgres = await startPostgres(folder);
  onTestFinished(async () => {
    signalAll(postgresOf(folder), "SIGCONT");
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await migrate(postgres.url);
  const provider = await startProviderStandIn();
  const app = await startTestApp({ databaseUrl: postgres.url });
  const server = await startServerProcess(postgres.url);
  await postgresFrozen(onProcesses(app, [server.url], provider), {
    freeze: () => signalAll(postgresOf(folder), "SIGSTOP"),
    thaw: () => signalAll(postgresOf(folder), "SIGCONT"),
  });
  // It is the same process all along, and it ends when it is asked to.
  expect(await server.terminate()).toBe(0);
  await app.close();
  await provider.close();
});
