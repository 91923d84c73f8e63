import { createServer, request } from "node:http";
import type { Socket } from "node:net";

/** A way to the service that a test can cut, as a tunnel cuts a phone's. */
export interface Line {
  /** The service's address by this way. */
  url: string;
  /** Breaks what is open; nobody gets through until it is mended. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Lays a line to the service at `url`, which is asked by its own name: it answers to no other. */
export async function layLine(url: string): Promise<Line> {
  const { host, origin } = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near, answer) => {
    const headers = { ...near.headers, host, ...(near.headers.origin && { origin }) };
    const far = request(url + (near.url ?? "/"), { method: near.method ?? "GET", headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    far.on("error", () => answer.destroy());
    answer.on("close", () => far.destroy());
    near.pipe(far);
  });
  server.on("connection", (socket) => {
    if (isCut) return socket.resetAndDestroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the line has no port");
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: `http://localhost:${address.port}`,
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
