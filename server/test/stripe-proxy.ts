import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What becomes of a request on its way to Stripe: it passes; it never arrives (`lost`); it arrives and its answer is lost
 * (`unanswered`); it waits and never arrives (`held`); it arrives and its answer waits for ever (`answer held`).
 */
export type Fate = "passes" | "lost" | "unanswered" | "held" | "answer held";

export interface StripeProxy {
  port: number;
  /** The fate of requests whose path starts so, until it is set anew. */
  set(fate: Fate, path?: string): void;
  /** Resolves when a request meets a fate that keeps it waiting. */
  waiting(): Promise<void>;
  close(): Promise<void>;
}

/** A server between us and Stripe, in whose hands requests and answers get lost. */
export async function startStripeProxy(target: number): Promise<StripeProxy> {
  let fate: Fate = "passes";
  let where = "/";
  let told: (() => void) | undefined;

  const forward = (incoming: IncomingMessage, body: Buffer, answer: (from: IncomingMessage, text: Buffer) => void) => {
    const { method, url: path, headers } = incoming;
    const outgoing = request({ host: "127.0.0.1", port: target, method, path, headers }, (from) => {
      const parts: Buffer[] = [];
      from.on("data", (part: Buffer) => parts.push(part)).on("end", () => answer(from, Buffer.concat(parts)));
    });
    outgoing.end(body);
  };

  const handle = (incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void => {
    const mine: Fate = incoming.url?.startsWith(where) ? fate : "passes";
    if (mine === "held") return told?.();
    if (mine === "lost") return void incoming.socket.destroy();
    forward(incoming, body, (from, text) => {
      if (mine === "answer held") return told?.();
      if (mine === "unanswered") return void incoming.socket.destroy();
      const { "transfer-encoding": _whole, ...headers } = from.headers;
      outgoing.writeHead(from.statusCode ?? 500, { ...headers, "content-length": text.length }).end(text);
    });
  };
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => handle(incoming, outgoing, Buffer.concat(parts)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (next, path = "/v1/billing/meter_events") => {
      fate = next;
      where = path;
    },
    waiting: () =>
      new Promise((resolve) => {
        told = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
