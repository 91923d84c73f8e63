import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text as readText } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import type { UIMessage } from "ai";
import Fastify, { type FastifyReply } from "fastify";
import { afterAll, expect, test, vi } from "vitest";
import { closedSignal, sendUiStream, type WritePart } from "./ui-stream.ts";

const app = Fastify();
let tell: (write: WritePart<UIMessage>) => Promise<void>;
app.get("/stream", (_, reply) => sendUiStream(reply.header("x-one", "1"), (write) => tell(write)));
let late: (reply: FastifyReply) => Promise<void>;
app.get("/late", async (_, reply) => {
  await late(reply);
  return sendUiStream(reply, (write) => tell(write));
});
const base = await app.listen({ port: 0, host: "127.0.0.1" });
afterAll(() => app.close());

async function open(): Promise<IncomingMessage> {
  const [answer] = (await once(get(`${base}/stream`, { agent: false }), "response")) as [IncomingMessage];
  return answer;
}

const delta = (n: number, length = 1) => ({ type: "text-delta", id: "a", delta: `${n}`.padEnd(length) }) as const;
const eventsOf = (body: string): unknown[] =>
  body.split("\n\n").flatMap((event) => (event.startsWith("data: {") ? [JSON.parse(event.slice(6))] : []));

test("parts arrive in order, with the reply's own headers and an end", async () => {
  tell = async (write) => {
    write(delta(1));
    write(delta(2));
    await turn();
    write(delta(3));
  };
  const answer = await open();
  expect(answer.headers).toMatchObject({ "x-one": "1", "content-type": "text/event-stream" });
  const body = await readText(answer);
  expect(eventsOf(body)).toEqual([delta(1), delta(2), delta(3)]);
  expect(body.endsWith("data: [DONE]\n\n")).toBe(true);
});

test("a part is on its way before the next one is told", async () => {
  const more = Promise.withResolvers<void>();
  tell = async (write) => {
    write(delta(1));
    await more.promise;
    write(delta(2));
  };
  const answer = await open();
  const [first] = (await once(answer, "data")) as [Buffer];
  expect(eventsOf(first.toString())).toEqual([delta(1)]);
  more.resolve();
  expect(eventsOf(await readText(answer))).toEqual([delta(2)]);
});

test("a slow reader gets all of it, in order", async () => {
  const parts = Array.from({ length: 2_000 }, (_, n) => delta(n, 10_000));
  const told = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  tell = async (write) => {
    for (const part of parts) {
      write(part);
      await turn();
    }
    told.resolve();
    await taken.promise;
  };
  const answer = await open();
  // Nothing is read until all is told; then all of it comes, before the stream ends.
  await told.promise;
  const whole = parts.reduce((sum, part) => sum + `data: ${JSON.stringify(part)}\n\n`.length, 0);
  let body = "";
  answer.setEncoding("utf8").on("data", (piece: string) => {
    body += piece;
    if (body.length === whole) taken.resolve();
  });
  await once(answer, "end");
  expect(eventsOf(body)).toEqual(parts);
});

test("where telling breaks, the connection is cut: nobody takes what came for the whole", async () => {
  tell = async (write) => {
    write(delta(1));
    await turn();
    throw new Error("broken");
  };
  await expect(readText(await open())).rejects.toThrow("aborted");
});

test("a reader who is gone before the stream begins leaves nothing that goes on", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const told = Promise.withResolvers<AbortSignal>();
    late = async (reply) => {
      request.destroy();
      await once(reply.raw, "close");
      const closed = closedSignal(reply);
      tell = () => Promise.resolve(told.resolve(closed));
    };
    const request = get(`${base}/late`, { agent: false }).on("error", () => {});
    expect((await told.promise).aborted).toBe(true);
    await turn();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
