import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { ChatServices } from "./types.ts";

/** The channel on which any server tells the one that runs an answer to stop it. */
export const stopChannel = "charlie_stop";

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Listens for stop requests on a connection of its own (a pooled one would forget), and connects again when it breaks.
 * What is missed meanwhile is seen at the next heartbeat.
 */
export function startStopListener(
  { db, log }: Pick<ChatServices, "db" | "log">,
  onStop: (messageId: string) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let client: Client | null = null;
  let pause = firstPauseMs;

  /** Until the connection is over. */
  async function listen(fresh: Client): Promise<void> {
    fresh.on("notification", ({ payload }) => payload !== undefined && onStop(payload));
    await fresh.connect();
    await fresh.query(`listen ${stopChannel}`);
    pause = firstPauseMs;
    await once(fresh, "end", { signal: stopping.signal });
  }

  async function keepListening(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { connectionString } = db.operator.options;
      client = new Client({
        connectionString,
        application_name: "charlie-listen",
        keepAlive: true,
        connectionTimeoutMillis: 5_000,
      });
      try {
        await listen(client);
      } catch (error) {
        if (!stopping.signal.aborted)
          log.warn({ err: error }, "stop requests are not heard until we are connected again");
      }
      // Ending a connection that broke is best effort.
      await client.end().catch(() => undefined);
      await sleep(pause, null, { signal: stopping.signal }).catch(() => undefined);
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }

  const listening = keepListening();
  return {
    stop: async () => {
      stopping.abort();
      await listening;
    },
  };
}
