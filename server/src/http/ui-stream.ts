import { pipeUIMessageStreamToResponse, type UIMessageChunk } from "ai";
import type { FastifyReply } from "fastify";

/** A comment this often keeps proxies from closing a stream in which nothing happens, in ms. */
const keepAliveMs = 15_000;

/** A signal that is aborted when the reader's connection closes. */
export function closedSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => controller.abort());
  return controller.signal;
}

/** Sends a UI message stream as server-sent events, with the headers that the reply carries. The reply is then taken. */
export function sendUiStream(reply: FastifyReply, stream: ReadableStream<UIMessageChunk>): FastifyReply {
  reply.hijack();
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  pipeUIMessageStreamToResponse({ response: reply.raw, stream, headers, keepAliveMs }).catch((error: unknown) => {
    reply.log.warn({ err: error }, "a stream broke");
    reply.raw.destroy();
  });
  return reply;
}
