/**
 * `npm run preview -w web -- 4200`: sends the built pages as the server does, CSP included, for looking and for axe.
 * Everything under /api goes on to `CHARLIE_SERVER` (default http://localhost:3000).
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { clientDir, fillPage, notFoundPage, pageFor } from "../pages.ts";

const port = Number(process.argv[2] ?? 4200);

const types: Record<string, string> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

function toServer(request: IncomingMessage, response: ServerResponse): void {
  const target = new URL(request.url ?? "/", process.env["CHARLIE_SERVER"] ?? "http://localhost:3000");
  const onward = forward(target, { method: request.method ?? "GET", headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
  request.pipe(onward);
}

async function sendPage(file: string, response: ServerResponse, status = 200): Promise<void> {
  const nonce = randomBytes(16).toString("base64");
  const html = await readFile(join(clientDir, file), "utf8");
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy":
      `default-src 'self'; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; ` +
      "style-src-attr 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'",
  });
  response.end(
    fillPage(html, { nonce, origin: `http://localhost:${port}`, reports: null, supportEmail: null, legal: [] }),
  );
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  try {
    const body = await readFile(join(clientDir, normalize(path)));
    const type = types[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type }).end(body);
  } catch {
    await sendPage(notFoundPage.file, response, 404);
  }
}

createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (pathname.startsWith("/api/")) return toServer(request, response);
  const file = pageFor(pathname);
  const sent = file ? sendPage(file, response) : sendFile(pathname, response);
  // While a build is running its files are away.
  sent.catch(() => response.writeHead(503).end());
}).listen(port, "127.0.0.1");
