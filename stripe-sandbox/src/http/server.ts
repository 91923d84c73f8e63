// The HTTP server: reads bodies, keeps keys that are in flight, and hands each request to the API or to a page.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Box } from "../box.ts";
import { API_VERSION } from "../box.ts";
import { newId } from "../ids.ts";
import type { PageAnswer, PageRequest } from "../pages/page.ts";
import { answerApi, type ApiAnswer } from "./api.ts";
import { StripeError } from "./errors.ts";
import type { Route } from "./router.ts";

const BODY_LIMIT = 1_048_576;

export interface ServerParts {
  box: Box;
  routes: readonly Route[];
  pages: (request: PageRequest) => Promise<PageAnswer> | PageAnswer;
  base: () => string;
  log: (line: string) => void;
}

/** Builds the server; the caller listens and closes. */
export function buildServer(parts: ServerParts): Server {
  const inFlight = new Set<string>();
  return createServer((request, response) => {
    const work = request.url?.startsWith("/v1/") || request.url?.startsWith("/v2/") ? api : page;
    work(parts, inFlight, request, response).catch((error: unknown) => {
      parts.log(
        `local Stripe: ${request.method} ${request.url} failed: ${error instanceof Error ? error.stack : String(error)}`,
      );
      if (!response.headersSent) {
        send(
          response,
          500,
          "application/json",
          JSON.stringify(new StripeError(500, "api_error", "The local Stripe has failed; its log says why.").toBody()),
        );
      }
    });
  });
}

async function api(parts: ServerParts, inFlight: Set<string>, request: IncomingMessage, response: ServerResponse) {
  const requestId = newId("req", 14);
  const key = header(request, "idempotency-key");
  response.setHeader("Request-Id", requestId);
  response.setHeader("Stripe-Version", API_VERSION);
  const finish = (answer: ApiAnswer) => {
    if (key !== undefined) response.setHeader("Idempotency-Key", key);
    if (answer.replayed) response.setHeader("Idempotent-Replayed", "true");
    if (answer.status === 409) response.setHeader("Stripe-Should-Retry", "true");
    send(response, answer.status, "application/json", answer.body);
  };
  const owned = request.method === "POST" && key !== undefined;
  if (owned && inFlight.has(key)) {
    request.resume();
    const error = new StripeError(
      409,
      "idempotency_error",
      `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
      { code: "idempotency_key_in_use" },
    );
    finish({ status: 409, body: JSON.stringify(error.toBody()) });
    return;
  }
  if (owned) inFlight.add(key);
  try {
    const body = await readBody(request);
    if (body === undefined) {
      finish({
        status: 413,
        body: JSON.stringify(new StripeError(413, "invalid_request_error", "Request body too large.").toBody()),
      });
      return;
    }
    const url = new URL(request.url ?? "/", "http://sandbox");
    finish(
      answerApi(
        parts.box,
        parts.routes,
        {
          method: request.method ?? "GET",
          path: url.pathname,
          query: url.search.slice(1),
          body,
          requestId,
          authorization: header(request, "authorization"),
          version: header(request, "stripe-version"),
          idempotencyKey: key,
        },
        parts.base,
      ),
    );
  } finally {
    if (owned) inFlight.delete(key);
  }
}

async function page(parts: ServerParts, _inFlight: Set<string>, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", "http://sandbox");
  const body = (await readBody(request)) ?? "";
  const answer = await parts.pages({
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    body,
    isJson: /json/.test(`${header(request, "accept")} ${header(request, "content-type")}`),
    origin: header(request, "origin"),
    host: header(request, "host"),
    site: header(request, "sec-fetch-site"),
  });
  if ("location" in answer) {
    response.writeHead(303, { Location: answer.location }).end();
    return;
  }
  response.setHeader(
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  );
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "same-origin");
  response.setHeader("Cache-Control", "no-store");
  send(response, answer.status, answer.type, answer.body);
}

function send(response: ServerResponse, status: number, type: string, body: string) {
  response.writeHead(status, { "Content-Type": `${type}; charset=utf-8`, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString("utf8");
}
