import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent, Answer } from "@charlie/contract";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { answerIn, differences, signInAt, teach } from "../server/test/chat.ts";
import type { Client } from "../server/test/client.ts";
import { startTestApp } from "../server/test/harness.ts";
import { postgresOf } from "../server/test/main-process.ts";
import { startProxy } from "../server/test/proxy.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";
import { sweepAnswers } from "../server/src/features/chat/sweep.ts";
import { survive } from "./seeds.ts";

/** What the service said is done. */
interface Acknowledged {
  answers: Answer[];
  name: string;
  /** The name that was on its way when the database died, which may have arrived or not. */
  asked: string;
}

const portOf = (url: string): number => Number(new URL(url).port);

/** Asks and renames in turn until it is told to stop, and keeps what was acknowledged. */
async function work(client: Client, agent: Agent, stopped: () => boolean): Promise<Acknowledged> {
  const acknowledged: Acknowledged = { answers: [], name: agent.name, asked: agent.name };
  for (let n = 1; !stopped(); n += 1) {
    const text = `Question ${n} of ${agent.id}`;
    const answer = await client.post<Answer>(`/api/v1/agents/${agent.id}/messages`, { text });
    if (answer.status === 200) acknowledged.answers.push(answer.body);
    acknowledged.asked = `Charlie ${n}`;
    const renamed = await client.patch(`/api/v1/agents/${agent.id}`, { name: acknowledged.asked });
    if (renamed.status === 200) acknowledged.name = acknowledged.asked;
  }
  return acknowledged;
}

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

    for (const [index, { answers, name, asked }] of done.entries()) {
      const { client, agent } = workers[index] ?? workers[0]!;
      for (const answer of answers) {
        expect(await answerIn(client, answer)).toMatchObject({ state: "complete", text: answer.text });
      }
      const { body } = await client.get<Agent>(`/api/v1/agents/${agent.id}`);
      expect([name, asked]).toContain(body.name);
    }
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
