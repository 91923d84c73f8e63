import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { connect } from "node:net";

/** An answer whose body is still to be read. */
export interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Hears each piece of the answer. */
  onChunk?: (chunk: Buffer) => void;
}

export interface Caller {
  /** Sends a request and waits for the whole answer. */
  call(sent: Sent): Promise<{ status: number; text: string }>;
  close(): void;
}

/** Sends requests over at most so many connections that are kept, with next to no cost of its own. */
export function makeCaller(connections: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: "fifo" });
  return {
    call: ({ method, url, headers, body, onChunk }) =>
      new Promise((resolve, reject) => {
        const sent = request(url, { method, headers, agent }, (answer: IncomingMessage) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => {
            chunks.push(chunk);
            onChunk?.(chunk);
          });
          answer.on("error", reject);
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
          );
        });
        sent.on("error", reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** One connection that is kept, and sends what was written out before. */
export interface Line {
  /** Sends a request, head and body, and waits for its answer. For answers that end in the only `}` that they have. */
  post(letter: string): Promise<string>;
  close(): void;
}

/** For measuring what takes a request, not what sends it: a request is one write and an answer one read. */
export async function openLine(url: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding("latin1");
  await once(socket, "connect");
  let answer = "";
  let [heard, failed] = [(_answer: string) => {}, (_error: Error) => {}];
  socket.on("data", (piece: string) => {
    answer += piece;
    if (!answer.endsWith("}")) return;
    heard(answer);
    answer = "";
  });
  socket.on("error", (error) => failed(error));
  socket.on("close", () => failed(new Error("the connection was closed")));
  return {
    post: (letter) =>
      new Promise((resolve, reject) => {
        [heard, failed] = [resolve, reject];
        socket.write(letter);
      }),
    close: () => socket.destroy(),
  };
}

/** Does `work` for each item, `width` at a time, and tells how many seconds it took. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>) {
  const queue = items.values();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
  return (performance.now() - started) / 1_000;
}
