import { Agent, request, type RequestOptions } from "node:https";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

export interface Answer<T = unknown> {
  status: number;
  headers: IncomingHttpHeaders;
  /** Parsed where it is JSON. */
  body: T;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

/** The stack's front door, with the name's certificate checked as a browser does. */
export interface Door {
  /** What people type. */
  origin: string;
  /** The answer as it begins, its body unread. */
  open(path: string, asked?: Asked): Promise<IncomingMessage>;
  ask<T = unknown>(path: string, asked?: Asked): Promise<Answer<T>>;
}

/** The door of a stack on this machine. `agent` keeps connections; without one each request has its own. */
export function openDoor(
  { domain, port, ca }: { domain: string; port: number; ca: string[] },
  agent: Agent | false = false,
): Door {
  const origin = `https://${domain}:${port}`;
  const open = (path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const json = body === undefined ? undefined : JSON.stringify(body);
      const options: RequestOptions = {
        host: "127.0.0.1",
        port,
        servername: domain,
        ca,
        agent,
        method,
        path,
        headers: {
          host: `${domain}:${port}`,
          origin,
          ...(json === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(json) }),
          ...headers,
        },
      };
      const sent = request(options, resolve);
      // Told, because a request over a kept connection may meet one that was just closed.
      sent.on("error", (error) => reject(Object.assign(error, { reused: sent.reusedSocket })));
      sent.end(json);
    });
  return {
    origin,
    open,
    ask: async <T>(path: string, asked?: Asked): Promise<Answer<T>> => {
      const response = await open(path, asked);
      const whole = await text(response);
      const isJson = /json/.test(response.headers["content-type"] ?? "");
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: (isJson ? JSON.parse(whole) : whole) as T,
      };
    },
  };
}
