import { createServer, request as plainly, type IncomingMessage, type ServerResponse } from "node:http";
import { request as overTls, type RequestOptions } from "node:https";
import type { AddressInfo } from "node:net";
import type { Stack } from "./stack.ts";

/** A plain address of this machine that leads into a stack, for clients that know nothing of its name and certificate. */
export interface WayIn {
  url: string;
  close(): Promise<void>;
}

/** Leads to nginx, as everybody comes; or past it to one colour. */
export async function openWayIn(
  { domain, httpsPort, authority, door, settings }: Stack,
  colour: "nginx" | "blue" | "green" = "nginx",
  port = 0,
): Promise<WayIn> {
  const front = settings["FRONT_NET"] ?? "";
  const host = `${domain}:${httpsPort}`;
  const address: RequestOptions =
    colour === "nginx"
      ? { host: "127.0.0.1", port: httpsPort, servername: domain, ca: authority, agent: false }
      : { host: `${front}.${colour === "blue" ? 11 : 12}`, port: 3000, agent: false };
  const ask = colour === "nginx" ? overTls : plainly;

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { connection: _ours, origin, ...rest } = incoming.headers;
    // Pages of ours send their own origin, which is the stack's and not this one.
    const headers = { ...rest, host, ...(origin === undefined ? {} : { origin: door.origin }) };
    const sent = ask({ ...address, method: incoming.method, path: incoming.url, headers }, (from) => {
      const { connection: _theirs, "transfer-encoding": _pieces, ...said } = from.headers;
      outgoing.writeHead(from.statusCode ?? 502, said);
      outgoing.flushHeaders();
      // What breaks off there breaks off here.
      from.on("error", () => outgoing.destroy());
      from.pipe(outgoing);
    });
    sent.on("error", () => outgoing.destroy());
    // Who leaves here leaves there.
    outgoing.on("close", () => outgoing.writableFinished || sent.destroy());
    incoming.pipe(sent);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
