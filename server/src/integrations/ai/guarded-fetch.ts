import { lookup } from "node:dns";
import { request as requestHttp, Agent as HttpAgent, type IncomingMessage } from "node:http";
import { request as requestHttps, Agent as HttpsAgent } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Addresses that only mean something inside a network: nobody outside may make this server talk to them (SSRF). */
const inside = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  inside.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 127],
  ["64:ff9b::", 96],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  inside.addSubnet(network, prefix, "ipv6");
}

/** Is this IP address private, loopback, link-local, multicast or otherwise not out in the open? */
export const isInside = (address: string): boolean => inside.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

/** An address that this server may not talk to. */
export class ForbiddenAddress extends Error {
  readonly code = "FORBIDDEN_ADDRESS";
}

const forbidden = () => new ForbiddenAddress("this address is inside a private network");

/** Resolves a name and refuses it when any of its addresses is inside: checked at connect time, so DNS cannot change its mind in between. */
const openLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error || !first) callback(error ?? new Error("no address"), "", 0);
    else if (addresses.some(({ address }) => isInside(address))) callback(forbidden(), "", 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

const bodyOf = (body: RequestInit["body"]): string | Uint8Array | undefined => {
  if (body === null || body === undefined) return undefined;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  throw new TypeError("this fetch sends text and bytes only");
};

/**
 * The most bytes that a body may have. A list or an error is short and read whole; an answer comes as a stream of events
 * with some 500 bytes around each token, and 32,000 tokens are the longest allowed.
 */
export const bodyBudgets = { whole: 1_000_000, answer: 16_000_000 };

/** A body that is longer than any honest one. */
export class BodyTooLong extends Error {
  readonly code = "BODY_TOO_LONG";
}

/** The bytes of a message, as fast as they are read; past the budget it fails, and with it the connection. */
function bodyOfMessage(message: IncomingMessage, budget: number): ReadableStream<Uint8Array> {
  let left = budget;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        message.on("data", (bytes: Buffer) => {
          left -= bytes.byteLength;
          if (left < 0) message.destroy(new BodyTooLong("the server sends far more than it was asked for"));
          else controller.enqueue(bytes);
          if ((controller.desiredSize ?? 0) <= 0) message.pause();
        });
        message.once("end", () => controller.close());
        message.once("error", (error) => controller.error(error));
      },
      pull: () => void message.resume(),
      cancel: () => void message.destroy(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 65_536 }),
  );
}

function responseOf(message: IncomingMessage, method: string): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = message.statusCode ?? 502;
  const empty = status === 204 || status === 304;
  if (empty) return new Response(null, { status, headers });
  const budget = method === "POST" && status < 300 ? bodyBudgets.answer : bodyBudgets.whole;
  return new Response(bodyOfMessage(message, budget), { status, headers });
}

/** How long after a request it may turn out that its connection was closed before it, in ms: there and back. */
const mostOnTheWayMs = 1_000;

/**
 * A fetch for addresses that a user typed. It follows no redirects, and unless `allowPrivate` it refuses plain http and
 * connects to no address inside a private network (rejects with ForbiddenAddress). A body of more than `bodyBudgets`
 * bytes breaks off with BodyTooLong, and its connection closes.
 */
export function makeGuardedFetch({ allowPrivate }: { allowPrivate: boolean }): typeof fetch {
  const connect = { keepAlive: true, ...(allowPrivate ? {} : { lookup: openLookup }) };
  const agents = { http: new HttpAgent(connect), https: new HttpsAgent(connect) };
  return (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const host = url.hostname.replaceAll(/^\[|\]$/g, "");
    const secure = url.protocol === "https:";
    if (!allowPrivate && (!secure || (isIP(host) !== 0 && isInside(host)))) return Promise.reject(forbidden());
    const method = init.method ?? "GET";
    const { signal } = init;
    const send = (resolve: (response: Response) => void, reject: (reason: unknown) => void): void => {
      const sentAt = performance.now();
      const sent = (secure ? requestHttps : requestHttp)(url, {
        method,
        headers: Object.fromEntries(new Headers(init.headers)),
        agent: secure ? agents.https : agents.http,
        ...(signal ? { signal } : {}),
      });
      sent.once("response", (message) => resolve(responseOf(message, method)));
      sent.once("error", (error: NodeJS.ErrnoException) => {
        // A server closes connections that idle, and may do so while the next request is on its way: that one was not
        // heard (Node's manual, "request.reusedSocket"). Later than at once, it may have worked on it.
        const unheard =
          sent.reusedSocket &&
          (error.code === "ECONNRESET" || error.code === "EPIPE") &&
          performance.now() - sentAt < mostOnTheWayMs;
        if (signal?.aborted) reject(signal.reason);
        else if (unheard) send(resolve, reject);
        else reject(error);
      });
      sent.end(bodyOf(init.body));
    };
    return new Promise(send);
  };
}
