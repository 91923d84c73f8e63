import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A door that stays where it is while the server behind it dies and comes back on another port. */
export interface Proxy {
  port: number;
  /** From now on new connections go there. */
  leadTo(port: number): void;
  close(): Promise<void>;
}

/** Opens a door to `port` of this machine. Where nobody is behind it, whoever comes is turned away. */
export async function startProxy(port: number): Promise<Proxy> {
  let target = port;
  const sockets = new Set<Socket>();
  const server = createServer((here) => {
    const there = connect(target, "127.0.0.1");
    for (const [socket, other] of [
      [here, there],
      [there, here],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (next) => {
      target = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
