import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startServerProcess } from "../../../test/server-process.ts";
import { startRecorder, type Recorder } from "../../../test/stand-ins/recorder.ts";
import { makeClient } from "../../../test/client.ts";
import { startSentry } from "./index.ts";

// Some start a server in a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const recorders: Recorder[] = [];
afterEach(async () => {
  for (const recorder of recorders.splice(0)) await recorder.close();
});

/** Somebody who speaks Sentry's envelope protocol, and the address to send it to. */
async function startReceiver() {
  const recorder = await startRecorder();
  recorders.push(recorder);
  return { recorder, dsn: `http://public@${new URL(recorder.url).host}/42` };
}

interface SentEvent {
  release: string;
  environment: string;
  tags: Record<string, string>;
  exception: { values: { type: string; value: string; stacktrace?: { frames: { filename: string }[] } }[] };
}

/** The events of all envelopes: three lines each, the last one the event itself (Sentry: develop.sentry.dev/sdk/data-model/envelopes). */
const eventsOf = ({ requests }: Recorder): SentEvent[] =>
  requests.map(({ body }) => JSON.parse(body.toString().split("\n")[2] ?? "") as SentEvent);

async function untilReceived(recorder: Recorder, count = 1): Promise<SentEvent[]> {
  while (recorder.requests.length < count) await sleep(20);
  return eventsOf(recorder);
}

const secrets = {
  message: "My neighbour steals bread",
  key: "sk-proj-abcdef0123456789",
  mail: "anna@example.org",
  cookie: "charlie.session=very-secret-cookie",
  query: "token=reset-token-123",
};
const all = Object.values(secrets);

const expectNoneOf = (received: string, words: string[]): void => {
  for (const word of words) expect(received).not.toContain(word);
};

const settings = { release: "abc123", environment: "test", role: "web" };

/** Errors that carry it in every place that an error has. */
function carriers(word: string): unknown[] {
  const nested = new Error(`outer ${word}`, { cause: new TypeError(`inner ${word}`) });
  const withFields = Object.assign(new Error(word), {
    code: word.includes(" ") ? word : `with ${word}`,
    requestBodyValues: { word },
    url: `https://example.org/?${word}`,
    headers: { cookie: word, authorization: word },
  });
  const named = new Error("x");
  named.name = word;
  const changed = new Error(`${word}\n    at ${word} (/a/${word}.js:1:2)`);
  changed.message = "changed afterwards";
  let broken: unknown;
  try {
    JSON.parse(`{${word}`);
  } catch (error) {
    broken = error;
  }
  const framed = new Error(`hello\n    at ${word} (/app/${word}.js:1:2)\n    at x (${word}:3:4)`);
  return [nested, withFields, named, changed, framed, broken, word, { word }, new AggregateError([nested], word)];
}

test("whatever an error carries, only its class, names of ours and frames are sent", async () => {
  for (const word of all) {
    const { recorder, dsn } = await startReceiver();
    const sentry = startSentry({ dsn, ...settings });
    const errors = carriers(word);
    for (const error of errors) {
      sentry.report(error, {
        workspaceId: "w-1",
        text: word,
        body: { word },
        cookie: word,
        route: "/api/v1/agents/:id",
      });
    }
    await sentry.flush(5_000);
    const events = eventsOf(recorder);
    expect(events).toHaveLength(errors.length);
    expectNoneOf(recorder.received(), [word]);
    expect(events[0]).toMatchObject({
      release: "abc123",
      environment: "test",
      tags: { role: "web", workspaceId: "w-1", route: "/api/v1/agents/:id" },
      exception: { values: [{ type: "TypeError" }, { type: "Error" }] },
    });
    expect(events[0]?.exception.values[1]?.stacktrace?.frames.at(-1)?.filename).toContain("sentry.test.ts");
  }
});

test("the engine's fixed words and a library's names are kept, so that the report says something", async () => {
  const { recorder, dsn } = await startReceiver();
  const sentry = startSentry({ dsn, ...settings });
  const nothing = JSON.parse("null") as { name: string };
  let thrown: unknown;
  try {
    thrown = nothing.name;
  } catch (error) {
    thrown = error;
  }
  sentry.report(thrown, {});
  sentry.report(Object.assign(new Error("duplicate key"), { code: "23505", constraint: "agents_pkey" }), {});
  await sentry.flush(5_000);
  expect(eventsOf(recorder).map(({ exception }) => exception.values[0]?.value)).toEqual([
    "Cannot read properties of null",
    "23505 agents_pkey",
  ]);
});

test("a storm of errors is told of, not passed on", async () => {
  const { recorder, dsn } = await startReceiver();
  const sentry = startSentry({ dsn, ...settings });
  for (let n = 0; n < 500; n += 1) sentry.report(new Error("again"), {});
  await sentry.flush(5_000);
  expect(eventsOf(recorder)).toHaveLength(30);
});

/** From now on whoever makes an agent meets an error that quotes what was sent. */
const breakAgents = (app: TestApp): Promise<unknown> =>
  app.db.operator.query(`
    create function fail() returns trigger language plpgsql as $$
      begin raise exception 'cannot keep % of %', new.name, new.flow; end $$;
    create trigger fail before insert on agents for each row execute function fail()`);

const teach = { name: secrets.key, who: secrets.message, rules: secrets.mail, tricks: "" };

test("a 500 is reported by the server with release, workspace, route and request, and nothing of the request", async () => {
  const { recorder, dsn } = await startReceiver();
  const app = await startTestApp();
  const { cookie, workspaceId } = await app.signUp();
  const server = await startServerProcess(app.databaseUrl, {
    SENTRY_DSN: dsn,
    RELEASE: "abc123",
    BETTER_AUTH_SECRET: app.secrets.auth,
  });
  await breakAgents(app);
  const client = Object.assign(makeClient(server.url), { cookie: `${cookie}; ${secrets.cookie}` });
  const answer = await client.post<{ requestId: string }>(`/api/v1/agents?${secrets.query}`, teach);
  expect(answer.status).toBe(500);
  const [event] = await untilReceived(recorder);
  expect(event).toMatchObject({
    release: "abc123",
    environment: "test",
    tags: { role: "web", workspaceId, route: "/api/v1/agents", method: "POST", requestId: answer.body.requestId },
  });
  expectNoneOf(recorder.received(), [...all, ...cookie.split(/[=;]/).filter((part) => part.length > 20)]);
  // What was asked wrongly, or is not there, is nobody's fault.
  await client.get("/api/v1/agents/nonsense");
  await client.get("/api/v1/nothing");
  expect(await server.terminate()).toBe(0);
  expect(recorder.requests).toHaveLength(1);
  await app.close();
});

test("a start that fails is reported before the process ends", async () => {
  const { recorder, dsn } = await startReceiver();
  const nowhere = `postgres://${secrets.mail.replace("@", "%40")}:x@127.0.0.1:9/none`;
  await expect(startServerProcess(nowhere, { SENTRY_DSN: dsn })).rejects.toThrow("ECONNREFUSED");
  const [event] = await untilReceived(recorder);
  expect(event?.exception.values[0]).toMatchObject({ type: "Error", value: "ECONNREFUSED" });
  expectNoneOf(recorder.received(), all);
});

test("a job that fails is reported by the worker, by its name", async () => {
  const { recorder, dsn } = await startReceiver();
  const app = await startTestApp();
  const { workspaceId } = await app.signUp();
  await app.db.operator.query("select enqueue_job('limit-mail', $1, null, null)", [
    JSON.stringify({ plan: secrets.mail, workspaceId }),
  ]);
  const worker = await startServerProcess(app.databaseUrl, { SENTRY_DSN: dsn }, "worker");
  const [event] = await untilReceived(recorder);
  expect(event?.tags).toMatchObject({ role: "worker", job: "limit-mail", workspaceId, attempt: "1" });
  expectNoneOf(recorder.received(), all);
  expect(await worker.terminate()).toBe(0);
  await app.close();
});
