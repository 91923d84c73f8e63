import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { freePort } from "../src/embedded/free-port.ts";

/** A server as people run it: a process of its own, which can be killed. */
export interface ServerProcess {
  url: string;
  /** Every log line so far; none in production, where they are not kept. */
  logged(): string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end, and waits. Returns its exit code. */
  terminate(): Promise<number | null>;
}

/**
 * Starts `main.ts` on an existing database, with more settings where given, and waits until it is ready. Throws what it said if it
 * ends. Whatever comes of the test that called (or when `whenOver` says), process and
 * folder are gone afterwards.
 */
export async function startServerProcess(
  databaseUrl: string,
  more: Record<string, string> = {},
  role: "web" | "worker" = "web",
  whenOver: (end: () => Promise<void>) => void = onTestFinished,
): Promise<ServerProcess> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "charlie-server-"));
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(import.meta.dirname, "../src/main.ts"), role], {
    env: {
      PATH: process.env["PATH"],
      NODE_ENV: "test",
      PORT: String(port),
      HOST: "127.0.0.1",
      PUBLIC_URL: url,
      CHARLIE_DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      RATE_LIMIT_SCALE: "0",
      // The same as the harness's, so that this server can read the keys that were saved there.
      ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64url"),
      // Nobody pays here, so Stripe is never called.
      STRIPE_SECRET_KEY: "sk_test_0123456789abcdef",
      ...more,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, "exit");
  const over = () => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (!over()) child.kill(signal);
    await exited;
    rmSync(folder, { recursive: true, force: true });
    return child.exitCode;
  };
  whenOver(async () => {
    await end("SIGKILL");
  });
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    if (over()) throw new Error(`the server did not start: ${said}`);
    await sleep(50);
  }
  return {
    url,
    logged: () => readFileSync(join(folder, "charlie.log"), "utf8"),
    kill: async () => {
      await end("SIGKILL");
    },
    terminate: () => end("SIGTERM"),
  };
}
