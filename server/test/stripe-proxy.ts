import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What becomes of a request on its way to Stripe: it passes; it never arrives (`lost`); it arrives and its answer is lost
 * (`unanswered`); it waits and never arrives (`held`); it arrives and its answer waits for ever (`answer held`); it passes, and who is
 * past due is told to be unpaid, as an account can be set (`told unpaid`).
 */
export type Fate = "passes" | "lost" | "unanswered" | "held" | "answer held" | "told unpaid";

export interface StripeProxy {
  port: number;
  /**
   * The fate of requests whose path starts so, and of this method only where one is given, until it is set anew. With
   * `gone`, everything is lost after the first that met it.
   */
  set(fate: Fate, path?: string, method?: string, gone?: boolean): void;
  /** Resolves when a request meets a fate that keeps it waiting. */
  waiting(): Promise<void>;
  close(): Promise<void>;
}

/** A server between us and Stripe, in whose hands requests and answers get lost; `host` 0.0.0.0 is for containers. */
export async function startStripeProxy(target: number, { port = 0, host = "127.0.0.1" } = {}): Promise<StripeProxy> {
  let fate: Fate = "passes";
  let where = "/";
  let how: string | undefined;
  let goes = false;
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
    const isMine = incoming.url?.startsWith(where) && (how ?? incoming.method) === incoming.method;
    const mine: Fate = isMine ? fate : "passes";
    if (isMine && goes) [fate, where, how] = ["lost", "/", undefined];
    if (mine === "held") return told?.();
    if (mine === "lost") return void incoming.socket.destroy();
    forward(incoming, body, (from, text) => {
      if (mine === "answer held") return told?.();
      if (mine === "unanswered") return void incoming.socket.destroy();
      const { "transfer-encoding": _whole, ...headers } = from.headers;
      const said = mine === "told unpaid" ? Buffer.from(text.toString().replaceAll('"past_due"', '"unpaid"')) : text;
      outgoing.writeHead(from.statusCode ?? 500, { ...headers, "content-length": said.length }).end(said);
    });
  };
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => handle(incoming, outgoing, Buffer.concat(parts)));
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (next, path = "/v1/billing/meter_events", method, gone = false) => {
      [fate, where, how, goes] = [next, path, method, gone];
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
