import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";

export const bucket = "backups";

/** A store that speaks S3's protocol, behind a door where it can be made to misbehave. */
export interface Store {
  url: string;
  /** Requests of these methods get the 403 of credentials that may not. */
  refuse: string[];
  /** Sees each request before it goes on, with its method and path. */
  onRequest: (line: string, incoming: IncomingMessage) => void;
  /** Whoever reads gets so many bytes less than there are: a store that lost the end. */
  cutOff: number;
  close(): Promise<void>;
}

const denied = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>0</RequestId></Error>`;

/** Starts the store on free ports of every address, so that containers reach it too. */
export async function startStore(): Promise<Store> {
  const directory = mkdtempSync(join(tmpdir(), "charlie-store-"));
  const s3 = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    // Containers call this machine by a name; no bucket is meant by it.
    vhostBuckets: false,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await s3.run();
  const door = createServer((incoming, outgoing) => {
    const { method = "GET", url: path = "/", headers } = incoming;
    store.onRequest(`${method} ${path}`, incoming);
    if (store.refuse.includes(method)) {
      incoming.resume();
      outgoing.writeHead(403, { "content-type": "application/xml" }).end(denied);
      return;
    }
    const forward = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      const length = Number(answer.headers["content-length"] ?? 0) - store.cutOff;
      const cut = store.cutOff > 0 && method === "GET" && path.includes(".age") && length > 0;
      outgoing.writeHead(answer.statusCode ?? 502, cut ? { "content-length": length } : answer.headers);
      if (!cut) {
        answer.pipe(outgoing);
        return;
      }
      let left = length;
      answer.on("data", (chunk: Buffer) => {
        outgoing.write(chunk.subarray(0, left));
        left = Math.max(0, left - chunk.length);
      });
      answer.on("end", () => outgoing.end());
    });
    forward.on("error", () => outgoing.destroy());
    // Whoever broke off is not waited for.
    outgoing.on("close", () => forward.destroy());
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => door.listen(0, "0.0.0.0", resolve));
  const store: Store = {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    refuse: [],
    onRequest: () => {},
    cutOff: 0,
    close: async () => {
      door.closeAllConnections();
      door.close();
      await s3.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return store;
}
