import { UI_MESSAGE_STREAM_HEADERS, type InferUIMessageChunk, type UIMessage } from "ai";
import type { FastifyReply } from "fastify";

/** A comment this often keeps proxies from closing a stream in which nothing happens, in ms. */
const keepAliveMs = 15_000;

/** A signal that is aborted when the reader's connection closes before all is sent. */
export function closedSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const close = (): void => {
    if (!raw.writableFinished) controller.abort();
  };
  // Who is gone already is not heard of again.
  if (raw.closed) close();
  else raw.once("close", close);
  return controller.signal;
}

/** Takes one part of a UI message stream. */
export type WritePart<M extends UIMessage> = (part: InferUIMessageChunk<M>) => void;

/**
 * Sends what `tell` writes as server-sent events (the AI SDK's UI message stream protocol, version 1), with the headers
 * that the reply carries. The reply is then taken. Should `tell` throw, the connection is cut, so that no reader takes
 * what came for the whole.
 * Parts are sent as they come, all of one turn of the event loop in one write: each costs the system far more than a part
 * costs us, and the SDK's own stream makes one for each. What a slow reader does not take waits as one string.
 */
export function sendUiStream<M extends UIMessage>(
  reply: FastifyReply,
  tell: (write: WritePart<M>) => Promise<void>,
): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...UI_MESSAGE_STREAM_HEADERS })) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  let waiting = "";
  const flush = (): void => {
    if (waiting === "" || raw.writableNeedDrain) return;
    raw.write(waiting);
    waiting = "";
  };
  raw.on("drain", flush);
  const send = (text: string): void => {
    if (waiting === "") process.nextTick(flush);
    waiting += text;
  };
  const keepAlive = setInterval(() => send(": still here\n\n"), keepAliveMs);
  void (async () => {
    try {
      await tell((part) => send(`data: ${JSON.stringify(part)}\n\n`));
      raw.end(`${waiting}data: [DONE]\n\n`);
      waiting = "";
    } catch (error) {
      reply.log.error({ err: error }, "a stream broke");
      raw.destroy();
    } finally {
      clearInterval(keepAlive);
    }
  })();
  return reply;
}
