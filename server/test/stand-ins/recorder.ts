import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface Recorded {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Decompressed. */
  body: Buffer;
}

export interface Recorder {
  url: string;
  requests: Recorded[];
  /** Everything received, as one text: addresses, headers and bodies. */
  received(): string;
  close(): Promise<void>;
}

/** What is answered to a request: a status and JSON. */
export type Answerer = (request: Recorded) => { status: number; json?: unknown };

/** A receiver for what is sent to outside services: takes anything, keeps it, answers what it is told. */
export async function startRecorder(answer: Answerer = () => ({ status: 200, json: {} }), port = 0): Promise<Recorder> {
  const requests: Recorded[] = [];
  const server = createServer();
  const take = (request: IncomingMessage, response: ServerResponse, raw: Buffer): void => {
    const { method = "", url: path = "", headers } = request;
    const body = headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
    const recorded = { method, path, headers, body };
    requests.push(recorded);
    const { status, json = {} } = answer(recorded);
    // A browser asks from another origin.
    response
      .writeHead(status, { "content-type": "application/json", "access-control-allow-origin": "*" })
      .end(JSON.stringify(json));
  };
  server.on("request", (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => take(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    received: () =>
      requests
        .map(({ method, path, headers, body }) => [method, path, JSON.stringify(headers), body.toString()].join("\n"))
        .join("\n"),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
