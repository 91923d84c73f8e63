import { Agent as Connections, request } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ask, counted, differences, heard, teach } from "./chat.ts";
import { makeClient } from "./client.ts";
import { startTestApp } from "./harness.ts";
import { startHeldProvider } from "./held-provider.ts";
import { productionEnv, productionUrl } from "./production.ts";
import { startRedis } from "./redis.ts";
import { startServerProcess } from "./server-process.ts";

/** Asks through these connections and keeps them. Tells the status, and whether the server says that it closes. */
const look = (url: string, agent: Connections) =>
  new Promise<{ status: number; closes: boolean }>((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      const closes = response.headers.connection === "close";
      response.resume().once("end", () => resolve({ status: response.statusCode ?? 0, closes }));
    });
    sent.once("error", reject).end();
  });

const refusesConnections = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.once("connect", () => socket.destroy(resolve(false) ?? undefined)).once("error", () => resolve(true));
  });

test("asked to end in production: not ready, everything served for 5 s, then idle connections closed, streams to their end, exit 0", async () => {
  const provider = await startHeldProvider();
  const redis = await startRedis();
  const ai = { OPENAI_API_KEY: "sk-operator-0123456789", OPENAI_BASE_URL: provider.url };
  const app = await startTestApp({ env: ai });
  const server = await startServerProcess(app.databaseUrl, { ...productionEnv(redis.url), ...ai });
  const pat = await app.signUp({ plan: "pro" });
  const agent = await teach(pat);
  await pat.patch(`/api/v1/agents/${agent.id}`, {
    brain: { provider: "openai", model: "gpt-5-mini", temperature: null, maxOutputTokens: null },
  });
  const there = makeClient(server.url);
  const origin = { origin: productionUrl };
  const signIn = { email: pat.email, password: "a good long password" };
  expect((await there.post("/api/auth/sign-in/email", signIn, origin)).status).toBe(200);

  const reading = await ask(there, agent.id, { text: "Will you end?" }, origin);
  const call = await provider.call("Will you end?");
  call.say("Soon");
  await reading.until("Soon");
  const kept = new Connections({ keepAlive: true, maxSockets: 1 });
  expect(await look(`${server.url}/readyz`, kept)).toEqual({ status: 200, closes: false });
  const [idle] = Object.values(kept.freeSockets).flat();
  const closed = new Promise<void>((resolve) => idle?.once("close", () => resolve()));

  const ended = server.terminate();
  while ((await look(`${server.url}/readyz`, kept)).status !== 503) await sleep(20);
  expect((await look(`${server.url}/livez`, kept)).status).toBe(200);
  // Whoever has not seen it yet is served, with what takes long too.
  expect((await there.get("/api/v1/me")).status).toBe(200);
  const late = await ask(there, agent.id, { text: "Me too?" }, origin);
  const lateCall = await provider.call("Me too?");
  lateCall.say("You");
  await late.until("You");

  await closed;
  while (!(await refusesConnections(server.url))) await sleep(20);
  call.say(" enough.");
  await reading.until("Soon enough.");
  call.finish();
  expect(heard(await reading.parts)).toMatchObject({ text: "Soon enough.", state: "complete" });
  lateCall.say(" too.");
  lateCall.finish();
  expect(heard(await late.parts)).toMatchObject({ text: "You too.", state: "complete" });
  expect(await ended).toBe(0);

  expect(await counted(app, pat.workspaceId)).toBe(2);
  expect(await differences(app)).toEqual([]);
  kept.destroy();
  await app.close();
  await redis.close();
  await provider.close();
}, 60_000);

test("an answer that does not end in time is given back, and a client that stalls holds up nothing", async () => {
  const provider = await startHeldProvider();
  const app = await startTestApp();
  const pat = await app.signUp();
  const agent = await teach(pat, provider);
  const server = await startServerProcess(app.databaseUrl, { SHUTDOWN_SECONDS: "1" });
  const there = makeClient(server.url);
  await there.post("/api/auth/sign-in/email", { email: pat.email, password: "a good long password" });
  const reading = await ask(there, agent.id, { text: "Endless?" });
  (await provider.call("Endless?")).say("Never");
  await reading.until("Never");
  // Half a request, and no more for ever.
  const stalled = connect(Number(new URL(server.url).port), "127.0.0.1");
  const cut = new Promise<void>((resolve) => stalled.once("close", () => resolve()));
  stalled.on("error", () => {}).resume();
  await new Promise<void>((resolve) => stalled.once("connect", () => resolve()));
  stalled.write(
    "POST /api/auth/sign-out HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
  );
  expect(await server.terminate()).toBe(0);
  expect(heard(await reading.parts)).toMatchObject({ state: "failed", failure: { code: "interrupted" } });
  await cut;
  expect(await counted(app, pat.workspaceId)).toBe(0);
  expect(await differences(app)).toEqual([]);
  await app.close();
  await provider.close();
}, 60_000);
