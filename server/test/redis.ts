import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort } from "../src/embedded/free-port.ts";

/** A real Redis server that a test may kill or freeze. */
export interface RedisServer {
  url: string;
  port: number;
  /** How many counts it holds. */
  keys(): Promise<number>;
  /** It forgets everything. */
  flush(): Promise<void>;
  kill(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  freeze(): void;
  /** It goes on where it was frozen. */
  thaw(): void;
  close(): Promise<void>;
}

/**
 * Starts `redis-server` on a free port (or `port`) and waits until it answers. Without `settings` (its command line) it
 * keeps nothing.
 */
export async function startRedis(port?: number, settings: readonly string[] = []): Promise<RedisServer> {
  const chosen = port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), "charlie-redis-"));
  const args = ["--port", String(chosen), "--bind", "127.0.0.1", "--save", "", "--dir", folder, ...settings];
  const child = spawn("redis-server", args, { stdio: "ignore" });
  const exited = once(child, "exit");
  const asked = settings.indexOf("--requirepass");
  const client = new Redis(chosen, "127.0.0.1", {
    password: asked === -1 ? undefined : settings[asked + 1],
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
  });
  client.on("error", () => {});
  while ((await client.ping()) !== "PONG") await sleep(20);
  const end = async (): Promise<void> => {
    client.disconnect();
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    keys: async () => (await client.keys("charlie:*:*")).length,
    kill: end,
    flush: async () => void (await client.flushall()),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    close: end,
  };
}
