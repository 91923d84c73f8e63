import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a local Stripe, writes down what would change it, and can end in the middle. */
export interface Doorman {
  port: number;
  url: string;
  /** What was asked to be changed since the last look, as `POST /v1/products`. */
  changes(): string[];
  /** From the nth change on (1 is the next) nobody answers: that one gets through before, or does not. */
  cutAt(change: number, getsThrough: boolean): void;
  /** Answers again. */
  mend(): void;
  close(): Promise<void>;
}

export async function startDoorman(stripePort: number): Promise<Doorman> {
  let seen: string[] = [];
  let cut: { left: number; getsThrough: boolean } | null = null;
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/" } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (method !== "GET") {
      seen.push(`${method} ${url}`);
      if (cut) cut.left -= 1;
    }
    const isCut = cut !== null && cut.left <= 0;
    if (isCut && !(cut?.left === 0 && cut.getsThrough)) {
      request.socket.destroy();
      return;
    }
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" && !/^(host|connection|content-length|transfer-encoding)$/.test(name)
        ? [[name, value] as [string, string]]
        : [],
    );
    const answer = await fetch(`http://127.0.0.1:${stripePort}${url}`, {
      method,
      headers,
      ...(method === "GET" ? {} : { body: Buffer.concat(chunks) }),
    });
    const body = await answer.text();
    if (isCut) {
      request.socket.destroy();
      return;
    }
    response.writeHead(
      answer.status,
      Object.fromEntries([...answer.headers].filter(([name]) => name !== "content-length")),
    );
    response.end(body);
  };
  const server = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    changes: () => seen.splice(0),
    cutAt: (change, getsThrough) => {
      cut = { left: change, getsThrough };
      seen = [];
    },
    mend: () => {
      cut = null;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
