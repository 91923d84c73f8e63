import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";

/** One question that arrived at the stand-in, whose answer the test gives piece by piece. */
export interface HeldCall {
  /** What was asked last. */
  question: string;
  /** Everything before the question, oldest first. */
  earlier: string[];
  say(text: string): void;
  /** Ends well, with these tokens counted. */
  finish(tokens?: { in: number; out: number }): void;
  /** Breaks the connection. */
  cut(): void;
  /** Settles when the connection is closed, by whoever. */
  closed: Promise<void>;
}

export interface HeldProvider {
  /** The address to save as an OpenAI-compatible server. */
  url: string;
  /** The call with this question; waits until it arrives. */
  call(question: string): Promise<HeldCall>;
  /** How many questions arrived. */
  calls(): number;
  close(): Promise<void>;
}

interface Body {
  messages: { role: string; content: string }[];
}

/**
 * An OpenAI-compatible server that answers only as the test says. `script` answers at once what it knows; without one
 * every call is held.
 */
export async function startHeldProvider(script?: (call: HeldCall) => void): Promise<HeldProvider> {
  const held = new Map<string, HeldCall>();
  const waiting = new Map<string, (call: HeldCall) => void>();
  let calls = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith("/models")) {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data: [{ id: "held" }] }));
      return;
    }
    const { messages } = JSON.parse(await readText(request)) as Body;
    const turns = messages.filter(({ role }) => role !== "system").map(({ content }) => content);
    calls += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (part: object) =>
      response.write(
        `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "held", ...part })}\n\n`,
      );
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    request.socket.once("close", () => resolve());
    response.once("close", () => resolve());
    const call: HeldCall = {
      question: turns.at(-1) ?? "",
      earlier: turns.slice(0, -1),
      say: (content) => send({ choices: [{ index: 0, delta: { content } }] }),
      finish: (tokens = { in: 10, out: 5 }) => {
        send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
        const usage = { prompt_tokens: tokens.in, completion_tokens: tokens.out, total_tokens: tokens.in + tokens.out };
        send({ choices: [], usage });
        response.end("data: [DONE]\n\n");
      },
      cut: () => request.socket.destroy(),
      closed,
    };
    if (script) return script(call);
    const waiter = waiting.get(call.question);
    if (waiter) waiter(call);
    else held.set(call.question, call);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    call: (question) => {
      const there = held.get(question);
      held.delete(question);
      return there ? Promise.resolve(there) : new Promise((resolve) => void waiting.set(question, resolve));
    },
    calls: () => calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
