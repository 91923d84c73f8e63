import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { signInAt, teach } from "../server/test/chat.ts";
import { startTestApp } from "../server/test/harness.ts";
import { postgresOf } from "../server/test/main-process.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";
import { sweepAnswers } from "../server/src/features/chat/sweep.ts";
import { survive, thorough } from "./seeds.ts";
import { expectKept, work } from "./work.ts";

/** Sends a signal to a PostgreSQL and all that it started: each of those is in a process group of its own. */
function signalAll(postmaster: number, signal: "SIGSTOP" | "SIGCONT"): void {
  // The one that starts others comes first, so that there are no more of them afterwards.
  process.kill(postmaster, signal);
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(postmaster)], { encoding: "utf8" });
  for (const pid of stdout.split("\n").map(Number).filter(Boolean)) process.kill(pid, signal);
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
  const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status;
  let rounds = 0;
  // More people than the server has connections to the database: some wait for one, and are told 503.
  const scenarios = fc.record({ seconds: fc.integer({ min: 1, max: 8 }), people: fc.integer({ min: 1, max: 16 }) });
  await survive(app, scenarios, async ({ seconds, people }) => {
    rounds += 1;
    const frozenMs = (thorough && rounds === 1 ? 30 : seconds) * 1_000;
    const workers = await Promise.all(
      Array.from({ length: people }, async () => {
        const pat = await app.signUp({ plan: "pro" });
        return { client: await signInAt(server.url, pat), agent: await teach(pat, provider, "echo") };
      }),
    );
    let stopped = false;
    const working = workers.map(({ client, agent }) => work(client, agent, () => stopped));
    await sleep(200);
    signalAll(postgresOf(folder), "SIGSTOP");
    const until = Date.now() + frozenMs;
    let noticed = false;
    while (Date.now() < until || !noticed) {
      expect(await statusOf("/livez")).toBe(200);
      if ((await statusOf("/readyz")) === 503) noticed = true;
      await sleep(100);
    }
    signalAll(postgresOf(folder), "SIGCONT");
    // Another server looks at once for answers that went silent: their own may be as late with its sign of life.
    await sweepAnswers({ db: app.db, log: app.app.fastify.log });
    while ((await statusOf("/readyz")) !== 200) await sleep(50);
    stopped = true;
    const done = await Promise.all(working);

    for (const each of done) {
      await expectKept(each);
      const { status } = await each.client.post(`/api/v1/agents/${each.agent.id}/messages`, { text: "And now?" });
      expect(status).toBe(200);
    }
  });
  // It is the same process all along, and it ends when it is asked to.
  expect(await server.terminate()).toBe(0);
  await app.close();
  await provider.close();
});
