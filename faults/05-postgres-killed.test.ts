import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { differences, signInAt, teach } from "../server/test/chat.ts";
import { startTestApp } from "../server/test/harness.ts";
import { postgresOf } from "../server/test/main-process.ts";
import { startProxy } from "../server/test/proxy.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";
import { sweepAnswers } from "../server/src/features/chat/sweep.ts";
import { survive } from "./seeds.ts";
import { expectKept, work } from "./work.ts";

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
  const untilReady = async () => {
    while ((await fetch(`${server.url}/readyz`)).status !== 200) await sleep(50);
  };
  const scenarios = fc.record({ afterMs: fc.integer({ min: 50, max: 900 }), people: fc.integer({ min: 1, max: 6 }) });
  await survive(app, scenarios, async ({ afterMs, people }) => {
    const workers = await Promise.all(
      Array.from({ length: people }, async () => {
        const pat = await app.signUp({ plan: "pro" });
        return { client: await signInAt(server.url, pat), agent: await teach(pat, provider, "echo") };
      }),
    );
    let stopped = false;
    const working = workers.map(({ client, agent }) => work(client, agent, () => stopped));
    await sleep(afterMs);
    process.kill(-postgresOf(folder), "SIGKILL");
    stopped = true;
    postgres = await startPostgres(folder);
    proxy.leadTo(portOf(postgres.url));
    const done = await Promise.all(working);
    await untilReady();

    for (const each of done) await expectKept(each);
    // What was on its way and has no end yet is given back once its server is silent, or it ends.
    while ((await differences(app)).length > 0) await sleep(50);
    await app.db.operator.query("update running_answers set heartbeat_at = heartbeat_at - interval '31 seconds'");
    await sweepAnswers({ db: app.db, log: app.app.fastify.log });
    const { client, agent } = workers[0]!;
    expect((await client.post(`/api/v1/agents/${agent.id}/messages`, { text: "And now?" })).status).toBe(200);
  });
  await server.terminate();
  await app.close();
  await provider.close();
  await proxy.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});
