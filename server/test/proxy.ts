import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A door that stays where it is while the server behind it dies and comes back on another port. */
export interface Proxy {
  port: number;
  /** From now on new connections go there. */
  leadTo(port: number): void;
  /** From now on what comes back is held up for so long, in ms, piece after piece. */
  slow(ms: number): void;
  close(): Promise<void>;
}

/** Opens a door to `port` of this machine. Where nobody is behind it, whoever comes is turned away. */
export async function startProxy(port: number): Promise<Proxy> {
  let [target, delay] = [port, 0];
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
    }
    here.pipe(there);
    let sent = Promise.resolve();
    const pass = async (bytes: Buffer): Promise<void> => {
      if (delay > 0) await sleep(delay, undefined, { ref: false });
      here.write(bytes);
    };
    there.on("data", (bytes: Buffer) => {
      sent = sent.then(() => pass(bytes));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (next) => {
      target = next;
    },
    slow: (ms) => {
      delay = ms;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
