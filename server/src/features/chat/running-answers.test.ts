import { request, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import type { Agent, Message, Problem } from "@charlie/contract";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { answerIn, ask, counted, differences, heard, readStream, signInAt, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";
import { sweepAnswers } from "./sweep.ts";

let app: TestApp;
let second: TestApp;
let provider: HeldProvider;
let pat: Client;
let there: Client;
let agent: Agent;

beforeAll(async () => {
  app = await startTestApp();
  second = await startTestApp({ databaseUrl: app.databaseUrl });
  provider = await startHeldProvider();
});
afterAll(async () => {
  await second.close();
  await app.close();
  await provider.close();
});
beforeEach(async () => {
  pat = await app.signUp();
  there = await signInAt(second.url, pat);
  agent = await teach(pat, provider);
});
afterEach(async () => {
  expect(await differences(app)).toEqual([]);
});

const join = async (client: Client, id: string) =>
  readStream(await client.send("GET", `/api/v1/messages/${id}/stream`));
const stop = (client: Client, id: string) => client.post<Message>(`/api/v1/messages/${id}/stop`);

/** Asks, and waits until `text` has come. */
async function begin(question: string, text: string, signal?: AbortSignal) {
  const reading = await ask(pat, agent.id, { text: question }, {}, signal);
  const call = await provider.call(question);
  if (text !== "") {
    call.say(text);
    await reading.until(text);
  }
  const { rows } = await app.db.operator.query<{ messageId: string; conversationId: string; userMessageId: string }>(
    `select m.id as "messageId", m.conversation_id as "conversationId", m.reply_to as "userMessageId"
     from messages m where m.workspace_id = $1 and m.state = 'answering'`,
    [pat.workspaceId],
  );
  const [place] = rows;
  if (!place) throw new Error("no answer runs");
  return { reading, call, place };
}

/** Makes it seem as if the server that runs the answer had not been heard of for this long. */
const silence = (messageId: string, seconds: number) =>
  app.db.operator.query(
    "update running_answers set heartbeat_at = now() - make_interval(secs => $2) where message_id = $1",
    [messageId, seconds],
  );

test.each(["the same server", "another server"])(
  "a stop at %s closes the provider's connection and keeps what came",
  async (where) => {
    const { reading, call, place } = await begin("Stop me?", "So far");
    const stopped = stop(where === "the same server" ? pat : there, place.messageId);
    await call.closed;
    const { status, body } = await stopped;
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: "stopped", text: "So far", failure: null });
    const { text, state, usage, error } = heard(await reading.parts);
    expect([text, state, error]).toEqual(["So far", "stopped", undefined]);
    expect(usage).toMatchObject({ payer: "own_key", costMicros: 0, messagesLeftToday: 99 });
    expect(await answerIn(pat, place)).toMatchObject({ state: "stopped", text: "So far" });
    expect(await counted(app, pat.workspaceId)).toBe(1);
    // Once more changes nothing.
    expect((await stop(there, place.messageId)).body).toMatchObject({ state: "stopped", text: "So far" });
  },
);

test("a stop before any text is given back, and is no error", async () => {
  const { reading, call, place } = await begin("Never mind?", "");
  const { body } = await stop(pat, place.messageId);
  await call.closed;
  expect(body).toMatchObject({ state: "failed", text: "", failure: { code: "stopped" } });
  const { state, failure, error, usage } = heard(await reading.parts);
  expect([state, failure?.code, error, usage]).toEqual(["failed", "stopped", undefined, undefined]);
  expect(await counted(app, pat.workspaceId)).toBe(0);
});

test("a stop whose notification is lost is seen at the next heartbeat", async () => {
  const { reading, place } = await begin("Deaf?", "Some");
  await app.db.operator.query("update running_answers set stop_requested_at = now() where message_id = $1", [
    place.messageId,
  ]);
  expect(heard(await reading.parts).state).toBe("stopped");
});

test("stop requests are heard again after the listening connection broke", async () => {
  await app.db.operator.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'charlie-listen' and datname = current_database()",
  );
  const { reading, place } = await begin("Still there?", "Yes");
  expect((await stop(there, place.messageId)).body.state).toBe("stopped");
  expect(heard(await reading.parts).state).toBe("stopped");
});

test("a closed tab does not stop the answer: it is finished, stored and counted once", async () => {
  const tab = new AbortController();
  const { reading, call, place } = await begin("Closing?", "First half, ", tab.signal);
  tab.abort();
  await reading.parts;
  call.say("second half.");
  const joined = await join(pat, place.messageId);
  call.finish({ in: 7, out: 3 });
  expect(heard(await joined.parts).state).toBe("complete");
  const answer = await answerIn(pat, place);
  expect(answer).toMatchObject({
    state: "complete",
    text: "First half, second half.",
    usage: { tokensIn: 7, tokensOut: 3 },
  });
  expect(await counted(app, pat.workspaceId)).toBe(1);
  const { rows } = await app.db.operator.query(
    "select metric_type, value from usage_metrics where workspace_id = $1 and metric_type = 'tokens'",
    [pat.workspaceId],
  );
  expect(rows).toEqual([{ metric_type: "tokens", value: 10 }]);
});

test.each(["the same server", "another server"])(
  "joining at %s hears the answer from its start to its end",
  async (where) => {
    const client = where === "the same server" ? pat : there;
    const { reading, call, place } = await begin("Join me?", "From the 🐶 start, ");
    const joined = await join(client, place.messageId);
    expect(joined.status).toBe(200);
    await joined.until("From the 🐶 start, ");
    call.say("through the ü middle, ");
    await joined.until("middle, ");
    call.say("to the end.");
    call.finish();
    const original = heard(await reading.parts);
    const later = heard(await joined.parts);
    expect(later.text).toBe("From the 🐶 start, through the ü middle, to the end.");
    expect(later).toEqual(original);
    // It is over now.
    expect((await client.get(`/api/v1/messages/${place.messageId}/stream`)).status).toBe(204);
  },
);

test("joining at another server hears of a failure too", async () => {
  const { call, place } = await begin("Fail there?", "Half");
  const joined = await join(there, place.messageId);
  await joined.until("Half");
  call.cut();
  const { text, state, failure, error } = heard(await joined.parts);
  expect([text, state, failure?.code]).toEqual(["Half", "failed", "cut_off"]);
  expect(error).toBe(failure?.message);
});

test("the sweeper leaves living answers alone and gives back silent ones once, however many sweep", async () => {
  const { reading, call, place } = await begin("Sweep me?", "Alive");
  expect(await sweepAnswers({ db: app.db, log: app.app.fastify.log })).toBe(0);
  await silence(place.messageId, 31);
  const swept = await Promise.all(
    [app, second, app, second].map(({ db, app: { fastify } }) => sweepAnswers({ db, log: fastify.log })),
  );
  expect(swept.filter((answers) => answers === 1)).toHaveLength(1);
  expect(swept.filter((answers) => answers === 0)).toHaveLength(3);
  expect(await counted(app, pat.workspaceId)).toBe(0);
  // The server that was only slow notices at its next heartbeat, stops asking the provider, and ends its readers.
  await call.closed;
  const { state, failure, error } = heard(await reading.parts);
  expect([state, failure?.code]).toEqual(["failed", "interrupted"]);
  expect(error).toMatch(/does not count/);
  expect(await answerIn(pat, place)).toMatchObject({ state: "failed", failure: { code: "interrupted" } });
});

test("a server that comes to its answer's end after it was given back changes nothing", async () => {
  const { reading, call, place } = await begin("Too slow?", "Text");
  await silence(place.messageId, 31);
  await sweepAnswers({ db: second.db, log: second.app.fastify.log });
  call.finish();
  const { state, failure, usage } = heard(await reading.parts);
  expect([state, failure?.code, usage]).toEqual(["failed", "interrupted", undefined]);
  expect(await counted(app, pat.workspaceId)).toBe(0);
});

/** Sends a request up to its body, and waits until the server has taken it. The rest goes when what is returned is called. */
async function beginSending({ url, cookie }: Client, path: string, text: string) {
  const { promise: answered, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { cookie, origin: url, expect: "100-continue", "content-type": "application/json" };
  const sent = request(`${url}${path}`, { method: "POST", headers }, resolve).once("error", reject);
  const taken = new Promise<void>((go) => void sent.once("continue", () => go()));
  sent.flushHeaders();
  await taken;
  return async () => {
    sent.end(text);
    const answer = await answered;
    return { status: answer.statusCode, headers: answer.headers, body: (await json(answer)) as Problem };
  };
}

test("a draining server ends what runs, refuses new questions with Retry-After, and gives back what does not end", async () => {
  const third = await startTestApp({ databaseUrl: app.databaseUrl });
  const here = await signInAt(third.url, pat);
  const reading = await ask(here, agent.id, { text: "Will you end?" });
  const quick = await provider.call("Will you end?");
  quick.say("Soon");
  await reading.until("Soon");
  const endless = await ask(here, agent.id, { text: "And you?" });
  (await provider.call("And you?")).say("Never");
  await endless.until("Never");
  const late = await beginSending(here, `/api/v1/agents/${agent.id}/messages`, JSON.stringify({ text: "Me too?" }));
  const drained = third.app.shutDown({ ms: 1_000 });
  await vi.waitUntil(() =>
    fetch(`${third.url}/livez`).then(
      () => false,
      () => true,
    ),
  );
  const { status, headers, body } = await late();
  expect([status, body.code, headers["retry-after"]]).toEqual([503, "restarting", "5"]);
  quick.finish();
  expect(heard(await reading.parts)).toMatchObject({ text: "Soon", state: "complete" });
  expect(heard(await endless.parts)).toMatchObject({
    text: "Never",
    state: "failed",
    failure: { code: "interrupted" },
  });
  await drained;
  expect(await counted(app, pat.workspaceId)).toBe(1);
  await third.close();
});
