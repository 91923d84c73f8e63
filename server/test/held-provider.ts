import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { protocols } from "./stand-ins/provider-protocols.ts";

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
  /** Settles when the answer is over, by whoever: before `finish` that is when the asking side closes its connection. */
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

interface Turn {
  role: string;
  content: string | { text: string }[];
}

const textOf = ({ content }: Turn): string =>
  typeof content === "string" ? content : content.map(({ text }) => text).join("");

/**
 * A provider that answers only as the test says: as an OpenAI-compatible server, whose model is called `held`, and as
 * OpenAI itself. `host` is where it listens: 0.0.0.0 for containers.
 */
export async function startHeldProvider({ host = "127.0.0.1", port: wanted = 0 } = {}): Promise<HeldProvider> {
  const held = new Map<string, HeldCall>();
  const waiting = new Map<string, (call: HeldCall) => void>();
  let calls = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith("/models")) {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data: [{ id: "held" }] }));
      return;
    }
    const protocol = protocols[request.url ?? ""]!;
    const body = JSON.parse(await readText(request)) as { messages?: Turn[]; input?: Turn[] };
    const messages = body.messages ?? body.input ?? [];
    const turns = messages.filter(({ role }) => role === "user" || role === "assistant").map(textOf);
    let said = "";
    calls += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(protocol.start("held", { input: 0, cached: 0, output: 0 }));
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    response.once("close", () => resolve());
    const call: HeldCall = {
      question: turns.at(-1) ?? "",
      earlier: turns.slice(0, -1),
      say: (text) => {
        said += text;
        response.write(protocol.delta(text));
      },
      finish: (tokens = { in: 10, out: 5 }) => {
        response.end(protocol.finish("stop", { input: tokens.in, cached: 0, output: tokens.out }, said));
      },
      cut: () => request.socket.destroy(),
      closed,
    };
    const waiter = waiting.get(call.question);
    waiting.delete(call.question);
    if (waiter) waiter(call);
    else held.set(call.question, call);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(wanted, host, () => resolve());
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
