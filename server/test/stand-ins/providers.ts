import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { protocols, type Counted, type Protocol } from "./provider-protocols.ts";

/**
 * A stand-in for the AI providers that speaks their protocols over real HTTP, streaming included. What it does is told
 * by the model's id, or by words in square brackets in the question, as in `How are you? [cut-after-3]`:
 *
 * - `echo` (and anything unknown): repeats the question in word-sized pieces
 * - `fail-<status>`: answers with that status and the provider's error body; `fail-429-quota`, `fail-400-context`,
 *   `fail-400-filter` are the special cases of one status
 * - `cut-after-<n>`: destroys the socket after n pieces · `end-after-<n>`: ends the stream cleanly without an end mark
 * - `error-after-<n>`: sends an error event · `hang-after-<n>`: says nothing more · `hang`: does not even answer
 * - `slow-<n>`: n pieces, one every 50 ms; `slow`: for 20 seconds · `filter`, `length`: finishes for that reason · `empty`: without text
 * - `cached`: 600 of its 1,000 input tokens come from the cache
 *
 * Every key is right except those that hold `bad` (401, and the body repeats the key), `down` (503) and `elsewhere` (a
 * redirect).
 */
export interface ProviderStandIn {
  /** Base address of all three protocols, ending in /v1. */
  url: string;
  requests: StandInRequest[];
  /** Connections that are open now. */
  openSockets(): number;
  close(): Promise<void>;
}

export interface StandInRequest {
  path: string;
  headers: IncomingMessage["headers"];
  /** The parsed JSON body; `null` for GET. */
  body: Record<string, unknown> | null;
  /** Resolves when the client closed the connection before the answer was whole; never otherwise. */
  whenAborted: Promise<void>;
}

export const standInModels = ["echo", "slow", "fail-401", "cut-after-3"];

const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
};

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? null : (JSON.parse(text) as Record<string, unknown>);
}

const keyOf = ({ headers }: IncomingMessage): string =>
  String(headers["x-api-key"] ?? headers.authorization?.replace(/^Bearer /, "") ?? "");

/** What was asked for: in brackets in the question, else the model's id. */
const behaviourOf = (protocol: Protocol, body: Record<string, unknown>): string =>
  /\[([a-z]+[a-z0-9-]*)\]/.exec(protocol.lastQuestion(body))?.[1] ?? String(body["model"]);

async function* texts(behaviour: string, question: string): AsyncGenerator<string> {
  if (behaviour === "empty") return;
  const slow = /^slow(?:-(\d+))?$/.exec(behaviour);
  if (!slow) yield* `You said: ${question}`.match(/\S+\s*/g) ?? [];
  else {
    for (let count = 1; count <= Number(slow[1] ?? 400); count += 1) {
      yield `${count} `;
      await pause(50);
    }
  }
}

async function stream(protocol: Protocol, body: Record<string, unknown>, response: ServerResponse): Promise<void> {
  const behaviour = behaviourOf(protocol, body);
  const question = protocol.lastQuestion(body);
  const [, trouble, after] = /^(cut|end|error|hang)-after-(\d+)$/.exec(behaviour) ?? [];
  const use: Counted = { input: 1_000, cached: behaviour === "cached" ? 600 : 0, output: 0 };
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.write(protocol.start(String(body["model"]), use));
  let said = "";
  const enough = Number(after ?? Infinity);
  for await (const text of texts(behaviour, trouble ? "one two three four five six seven eight" : question)) {
    if (response.destroyed || use.output >= enough) break;
    said += text;
    use.output += 1;
    response.write(protocol.delta(text));
  }
  if (trouble === "hang" || response.destroyed) return;
  if (trouble === "cut") {
    // The pieces leave first; then the connection breaks without a word.
    await pause(20);
    response.socket?.resetAndDestroy();
  } else if (trouble === "end") response.end();
  else if (trouble === "error")
    response.end(protocol.errorEvent("Something broke here, key sk-secret-of-the-provider"));
  else response.end(protocol.finish(behaviour === "length" || behaviour === "filter" ? behaviour : "stop", use, said));
}

async function answer(request: IncomingMessage, response: ServerResponse, requests: StandInRequest[]): Promise<void> {
  const path = new URL(request.url ?? "/", "http://stand-in").pathname;
  const body = await bodyOf(request);
  const whenAborted = new Promise<void>((resolve) => {
    response.once("close", () => {
      if (!response.writableEnded) resolve();
    });
  });
  requests.push({ path, headers: request.headers, body, whenAborted });
  const key = keyOf(request);
  const protocol = protocols[path];
  if (key === "" || key.includes("bad")) {
    const refused = {
      type: "authentication_error",
      code: "invalid_api_key",
      message: `Incorrect API key provided: ${key}`,
    };
    sendJson(response, 401, { type: "error", error: refused });
  } else if (key.includes("down")) sendJson(response, 503, { error: { message: "away", type: "server_error" } });
  else if (key.includes("elsewhere")) response.writeHead(302, { location: "http://127.0.0.1:9/v1/models" }).end();
  else if (path === "/v1/models")
    sendJson(response, 200, { object: "list", data: standInModels.map((id) => ({ id, object: "model" })) });
  else if (!protocol || !body)
    sendJson(response, 404, { error: { message: `no route ${path}`, type: "invalid_request_error" } });
  else {
    const behaviour = behaviourOf(protocol, body);
    const [, status, detail] = /^fail-(\d{3})(?:-(\w+))?$/.exec(behaviour) ?? [];
    if (status)
      sendJson(
        response,
        Number(status),
        protocol.error(Number(status), detail ?? "", `failed with ${status}, key ${key}`),
      );
    else if (behaviour !== "hang") await stream(protocol, body, response);
  }
}

/** Starts the stand-in on a free port (or `port`) of this machine; `host` 0.0.0.0 is for containers. */
export async function startProviderStandIn({ port = 0, host = "127.0.0.1" } = {}): Promise<ProviderStandIn> {
  const requests: StandInRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, response, requests).catch(() => response.destroy());
  });
  let sockets = 0;
  server.on("connection", (socket) => {
    sockets += 1;
    socket.once("close", () => (sockets -= 1));
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the stand-in has no port");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    openSockets: () => sockets,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
