/**
 * An OpenAI-compatible server in a process of its own that costs next to nothing: it answers at once with 20 pieces, or
 * as the model `held` gives the first piece and keeps the rest until `POST /release`. Argument: port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import { protocols } from "../server/test/stand-ins/provider-protocols.ts";

const protocol = protocols["/v1/chat/completions"]!;
const pieces = Array.from({ length: 20 }, (_, n) => `piece ${n} `);
const use = { input: 100, cached: 0, output: pieces.length };
const start = protocol.start("instant", use);
const [first = "", ...rest] = pieces.map((piece) => protocol.delta(piece));
const end = rest.join("") + protocol.finish("stop", use, pieces.join(""));
const held = new Set<() => void>();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readText(request);
  if (request.url === "/release") {
    for (const release of held) release();
    held.clear();
    response.end();
  } else if (request.method === "GET") {
    response.setHeader("content-type", "application/json").end(`{"data":[{"id":"instant"},{"id":"held"}]}`);
  } else {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(start + first);
    if (body.includes(`"model":"held"`)) held.add(() => void response.end(end));
    else response.end(end);
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(Number(process.argv[2]), "127.0.0.1");
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
