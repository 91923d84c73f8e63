import { asOperator, type Database } from "../../db/client.ts";

/** Under which an event's job waits: one job works on all that waits of its customer. The statement below has it too. */
export const eventKey = ({ id, customer }: { id: string; customer: string | null }): string =>
  `billing:${customer ?? id}`;

/**
 * A job for each customer of whom something waits. All of it was committed before this looks, so a job that nobody has
 * taken yet will see it, and what a job that runs already came too late for gets a new one, as does what a dead server
 * was at. What failed has a job that tries again later; it is left alone, unless it got lost or something new came.
 */
const queueSql = `
select enqueue_job('billing-event', json_build_object('id', e.id), e.key)
from (
  select distinct on (key) id, key, error is not null as failed
  from (select id, error, 'billing:' || coalesce(stripe_customer_id, id::text) as key
    from billing_events where processed_at is null) open
  order by key, failed, id
) e
where not exists (
  select from graphile_worker.jobs j where j.key = e.key and (e.failed or (j.locked_at is null and j.attempts = 0)))`;

/**
 * Has the queue work on all stored events that wait. One at a time over all servers: two that add a job under the same
 * key at once can lose one of them to a worker that takes the other in between (graphile-worker's `add_jobs` updates
 * unlocked jobs only).
 */
export const queueEvents = (db: Database): Promise<void> =>
  asOperator(db, async ({ $client }) => {
    await $client.query("select pg_advisory_xact_lock(hashtextextended('billing-events', 0))");
    await $client.query({ name: "queue-events", text: queueSql });
  });
