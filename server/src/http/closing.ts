import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/** How often connections that became idle are closed, in ms: Node does it once, and keeps later ones for a minute. */
const sweepMs = 100;
/** What is still being read or sent when all time is over has this long, in ms. */
const lastWordsMs = 2_000;

/**
 * Ends the server: nobody new comes in, idle connections are closed at once and those in use as soon as their answer is
 * out. They have `ms`, and until `work` is done; what is not over then is cut off, so that a stalled client holds up
 * nothing.
 */
export async function closeServer(app: FastifyInstance, work: Promise<void>, ms: number): Promise<void> {
  const closed = app.close();
  const sweeping = setInterval(() => app.server.closeIdleConnections(), sweepMs);
  try {
    const allTime = sleep(ms, undefined, { ref: false });
    await Promise.all([work, Promise.race([closed, allTime])]);
    await Promise.race([closed, sleep(lastWordsMs, undefined, { ref: false })]);
    app.server.closeAllConnections();
    await closed;
  } finally {
    clearInterval(sweeping);
  }
}
