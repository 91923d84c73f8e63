import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { startTestApp } from "../server/test/harness.ts";
import { postgresOf } from "../server/test/main-process.ts";
import { startProxy } from "../server/test/proxy.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";
import { onProcesses } from "./place.ts";
import { postgresKilled } from "./scenarios/postgres-killed.ts";

const portOf = (url: string): number => Number(new URL(url).port);

test("PostgreSQL killed under load: every acknowledged write is there, and the service goes on by itself", async () => {
  const folder = mkdtempSync(join(tmpdir(), "charlie-fault-"));
  // As durable as in production: no setting is loosened.
  let postgres = await startPostgres(folder);
  await migrate(postgres.url);
  const proxy = await startProxy(portOf(postgres.url));
  const url = new URL(postgres.url);
  url.port = String(proxy.port);
  const provider = await startProviderStandIn();
  const app = await startTestApp({ databaseUrl: url.href });
  const server = await startServerProcess(url.href);
  await postgresKilled(onProcesses(app, [server.url], provider), async () => {
    process.kill(-postgresOf(folder), "SIGKILL");
    postgres = await startPostgres(folder);
    proxy.leadTo(portOf(postgres.url));
  });
  await server.terminate();
  await app.close();
  await provider.close();
  await proxy.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});
