import { Agent, request, type IncomingMessage } from "node:http";

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
