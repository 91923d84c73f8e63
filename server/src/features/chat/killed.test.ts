import type { Agent, Problem } from "@charlie/contract";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { answerIn, ask, counted, differences, heard, readStream, signInAt, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";
import { startServerProcess } from "../../../test/server-process.ts";
import { sweepAnswers } from "./sweep.ts";

// Each test starts whole servers, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let app: TestApp;
let provider: HeldProvider;
let pat: Client;
let agent: Agent;

beforeAll(async () => {
  app = await startTestApp();
  provider = await startHeldProvider();
});
afterAll(async () => {
  await app.close();
  await provider.close();
});
beforeEach(async () => {
  pat = await app.signUp();
  agent = await teach(pat, provider);
});

const join = async (client: Client, id: string) =>
  readStream(await client.send("GET", `/api/v1/messages/${id}/stream`));

/** Lets half a minute pass for those whose server is gone. */
const waitHalfAMinute = () =>
  app.db.operator.query("update running_answers set heartbeat_at = heartbeat_at - interval '31 seconds'");

/** Asks at a server process and waits until half the answer is there. */
async function askThere(question: string, key: string) {
  const server = await startServerProcess(app.databaseUrl);
  const there = await signInAt(server.url, pat);
  const reading = await ask(there, agent.id, { text: question }, { "idempotency-key": key });
  const call = await provider.call(question);
  call.say("Half of ");
  await reading.until("Half of ");
  return { server, reading, call };
}

/** The same, with a reader at another server who has seen as much; then the process is killed. */
async function killMidAnswer(question: string, key: string) {
  const { server, reading, call } = await askThere(question, key);
  const { rows } = await app.db.operator.query<{ id: string }>(
    "select message_id as id from running_answers where workspace_id = $1",
    [pat.workspaceId],
  );
  const id = rows[0]?.id ?? "";
  const joined = await join(pat, id);
  await joined.until("Half of ");
  await server.kill();
  const cut = await reading.parts;
  await call.closed;
  return { cut, joined, id };
}

test("a server killed mid-answer: another one gives the message back, its readers get a clear end, nobody pays", async () => {
  const { cut, joined, id } = await killMidAnswer("What now?", "kill-1");
  // The connection just broke: no end, no mark of it.
  expect(heard(cut).types.at(-1)).toBe("text-delta");
  expect(await counted(app, pat.workspaceId)).toBe(1);

  await waitHalfAMinute();
  await sweepAnswers({ db: app.db, log: app.app.fastify.log });
  const { text, state, failure, error, started } = heard(await joined.parts);
  expect([text, state, failure?.code]).toEqual(["Half of ", "failed", "interrupted"]);
  expect(error).toMatch(/does not count; please ask again/);
  expect(await counted(app, pat.workspaceId)).toBe(0);
  expect(await answerIn(pat, started)).toMatchObject({ id, state: "failed", text: "Half of " });
  expect(await differences(app)).toEqual([]);

  // The page sends the same request again: it gets the same failure, and the model is not asked twice.
  const calls = provider.calls();
  const again = await pat.post<Problem>(
    `/api/v1/agents/${agent.id}/messages`,
    { text: "What now?" },
    { "idempotency-key": "kill-1" },
  );
  expect([again.status, again.body.code]).toEqual([503, "interrupted"]);
  expect(provider.calls()).toBe(calls);
});

test("a reader who waits at another server needs no timetable: the silence is noticed there", async () => {
  const { joined } = await killMidAnswer("And now?", "kill-2");
  await waitHalfAMinute();
  expect(heard(await joined.parts).failure?.code).toBe("interrupted");
  expect(await counted(app, pat.workspaceId)).toBe(0);
  expect(await differences(app)).toEqual([]);
});

test("a server that starts gives back what an earlier one left behind", async () => {
  const { server, reading } = await askThere("And then?", "kill-3");
  await server.kill();
  await reading.parts;
  await waitHalfAMinute();
  const next = await startServerProcess(app.databaseUrl);
  const there = await signInAt(next.url, pat);
  const reply = await there.post<Problem>(
    `/api/v1/agents/${agent.id}/messages`,
    { text: "And then?" },
    { "idempotency-key": "kill-3" },
  );
  expect(reply.body.code).toBe("interrupted");
  expect(await counted(app, pat.workspaceId)).toBe(0);
  expect(await next.terminate()).toBe(0);
});

test("a server asked to end lets its answer come to the end first", async () => {
  const server = await startServerProcess(app.databaseUrl);
  const there = await signInAt(server.url, pat);
  const reading = await ask(there, agent.id, { text: "Last one?" });
  const call = await provider.call("Last one?");
  call.say("I will ");
  await reading.until("I will ");
  const ended = server.terminate();
  call.say("finish.");
  call.finish();
  expect(heard(await reading.parts)).toMatchObject({ text: "I will finish.", state: "complete" });
  expect(await ended).toBe(0);
  expect(await counted(app, pat.workspaceId)).toBe(1);
  expect(await differences(app)).toEqual([]);
});
