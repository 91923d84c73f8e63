import { randomUUIDv7 } from "node:crypto";
import { mayPass } from "../../db/away.ts";
import type { Database } from "../../db/client.ts";
import type { StripeEvent } from "../../integrations/stripe/index.ts";
import type { Log } from "../../log.ts";
import { workedEvents } from "./event-kinds.ts";
import { queueEvents } from "./queue-events.ts";

/** An event and the JSON that it came as. */
export interface Incoming {
  event: StripeEvent;
  json: string;
}

/** Where events are stored, several at once in one statement. */
export interface EventIntake {
  /**
   * Stores an event, unless it was stored before, and has the queue work on it a moment later if it is of a kind that
   * matters. When this returns it is committed. Returns whether it was new. Throws what PostgreSQL does.
   */
  store(incoming: Incoming): Promise<boolean>;
  /** Has the queue work on what was stored without waiting any longer. */
  close(): Promise<void>;
}

interface Waiting extends Incoming {
  id: string;
  resolve: (isNew: boolean) => void;
  reject: (error: unknown) => void;
}

/** How long events gather before they are worked on, in ms: Stripe tells of one thing in a dozen, within a second or so. */
const gatherMs = 1_000;
/** How many events share a statement, and how many statements are on their way: while one commits the next is sent. */
const mostAtOnce = 64;
const mostStatements = 2;

/** In the order of their ids, so that servers which get the same events wait for each other in one direction only. */
const storeSql = `
insert into billing_events (id, stripe_event_id, type, stripe_customer_id, payload, processed_at)
select e.id, e.event_id, e.type, e.customer, e.payload, case when not e.worked then now() end
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::bool[])
  as e (id, event_id, type, customer, payload, worked)
order by e.event_id
on conflict (stripe_event_id) do nothing
returning id`;

/** Those of the events that were not stored before. One statement, so either all are committed or none. */
async function insert({ operator }: Database, batch: readonly Waiting[]): Promise<Set<string>> {
  const { rows } = await operator.query<{ id: string }>({
    name: "store-events",
    text: storeSql,
    values: [
      batch.map(({ id }) => id),
      batch.map(({ event }) => event.id),
      batch.map(({ event }) => event.type),
      batch.map(({ event }) => event.customerId),
      batch.map(({ json }) => json),
      batch.map(({ event }) => workedEvents.includes(event.type)),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}

/**
 * Takes events in. While statements are on their way the events that come meanwhile gather for the next, so that many at
 * once share a commit. What is stored as waiting is queued from there, a moment later and each minute anew
 * (queue-events.ts): so nothing is lost with a server, and one look at Stripe serves all that a customer's events tell of.
 */
export function makeEventIntake({
  db,
  log,
  pauseMs = gatherMs,
}: {
  db: Database;
  log: Log;
  pauseMs?: number;
}): EventIntake {
  const waiting: Waiting[] = [];
  let storing = 0;
  let timer: NodeJS.Timeout | undefined;

  async function queueNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    await queueEvents(db).catch((error: unknown) =>
      log.warn({ err: error }, "Stripe's events were not queued; the next minute's look will do it"),
    );
  }

  async function storeAll(batch: readonly Waiting[]): Promise<void> {
    try {
      const stored = await insert(db, batch);
      if (stored.size > 0) timer ??= setTimeout(() => void queueNow(), pauseMs).unref();
      for (const { id, resolve } of batch) resolve(stored.has(id));
    } catch (error) {
      // One that PostgreSQL cannot keep is no reason to refuse the others.
      if (batch.length > 1 && !mayPass(error)) for (const one of batch) await storeAll([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  async function storeWaiting(): Promise<void> {
    if (storing >= mostStatements) return;
    storing += 1;
    while (waiting.length > 0) await storeAll(waiting.splice(0, mostAtOnce));
    storing -= 1;
  }

  return {
    store: (incoming) =>
      new Promise((resolve, reject) => {
        waiting.push({ ...incoming, id: randomUUIDv7(), resolve, reject });
        void storeWaiting();
      }),
    close: async () => {
      if (timer) await queueNow();
    },
  };
}
