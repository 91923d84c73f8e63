import type { Stripe } from "stripe";
import { workedEvents } from "../../src/features/billing/event-kinds.ts";
import { processEvent } from "../../src/features/billing/process-event.ts";
import { queueEvents } from "../../src/features/billing/queue-events.ts";
import { receiveEvent } from "../../src/features/billing/receive-event.ts";
import { reconcile } from "../../src/features/billing/reconcile.ts";
import type { Story } from "./life-stories.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Truth } from "./stripe-tape.ts";

/** An event as Stripe delivers it. */
export interface Letter {
  id: string;
  type: string;
  /** The id of what it is about. */
  subject: string;
  body: string;
}

/** One moment of a story: what happened since the one before, and all that Stripe answers then. */
export interface Moment {
  truth: Truth;
  letters: Letter[];
  subscriptions: Stripe.Subscription[];
  invoices: Stripe.Invoice[];
}

export interface Played {
  stage: Stage;
  moments: Moment[];
  /** What is in Stripe in the end, after the app has done its part. */
  refunds: Stripe.Refund[];
  disputes: Stripe.Dispute[];
}

const fresh = `
delete from billing_events;
delete from mails;
delete from audit_log;
delete from subscriptions;
delete from revenue_changes;
delete from billing_differences;
update workspaces set plan = 'free', period_start = null, period_end = null;
delete from graphile_worker._private_jobs;`;

/** The workspace as if it had just got its customer. */
export const startAnew = async ({ db }: Stage): Promise<void> => void (await db.operator.query(fresh));

/** Brings an event through the webhook's door, signed. */
export async function deliver({ services }: Stage, { body }: Letter): Promise<void> {
  const secret = services.webhookSecrets[0] ?? "";
  const signature = services.stripe.webhooks.generateTestHeaderString({ payload: body, secret });
  await receiveEvent(services, Buffer.from(body), signature);
}

const drainSql = `
delete from graphile_worker._private_jobs
where task_id = (select id from graphile_worker._private_tasks where identifier = 'billing-event')
returning payload->>'id' as id`;

/** Does what the queue would: works through the events' jobs, which make no further ones. */
export async function drain({ db, services }: Stage): Promise<void> {
  await queueEvents(db);
  const { rows } = await db.operator.query<{ id: string }>({ name: "drain", text: drainSql });
  for (const { id } of rows) await processEvent(services, id);
}

/** Everything a replay may ask of Stripe at this moment, asked once. */
async function ask(stage: Stage, letters: readonly Letter[]): Promise<void> {
  const setCustomer = (id: string | null) =>
    stage.db.operator.query("update workspaces set stripe_customer_id = $1", [id]);
  const customer = await stage.customer();
  // Without a customer nothing is changed in Stripe: so its lists are known from before a change, too.
  await startAnew(stage);
  await setCustomer(null);
  await reconcile(stage.services);
  await setCustomer(customer);
  const changes = stage.tape.changes.length;
  const round = async () => {
    await startAnew(stage);
    for (const letter of letters) if (workedEvents.includes(letter.type)) await deliver(stage, letter);
    await drain(stage);
    await reconcile(stage.services);
    await drain(stage);
  };
  await round();
  // What this changed in Stripe, a second round finds changed.
  if (stage.tape.changes.length > changes) await round();
}

/** Plays a story once on a local Stripe of its own, and remembers each of its moments. */
export async function play({ steps }: Story): Promise<Played> {
  const stage = await openStage();
  const moments: Moment[] = [];
  const all: Letter[] = [];
  for (const step of steps) {
    stage.tape.live();
    await step(stage);
    const letters = stage.control
      .events()
      .slice(all.length)
      .map((event): Letter => {
        const { id } = event.data.object as { id?: string };
        return { id: event.id, type: event.type, subject: id ?? "", body: JSON.stringify(event) };
      });
    all.push(...letters);
    const truth = stage.tape.record(new Date(stage.control.now() * 1_000));
    await ask(stage, all);
    const customer = await stage.customer();
    const { data: subscriptions } = await stage.stripe.subscriptions.list({ customer, status: "all", limit: 100 });
    const { data: invoices } = await stage.stripe.invoices.list({ customer, limit: 100 });
    moments.push({ truth, letters, subscriptions, invoices });
  }
  const { data: refunds } = await stage.stripe.refunds.list({ limit: 100 });
  const { data: disputes } = await stage.stripe.disputes.list({ limit: 100 });
  return { stage, moments, refunds, disputes };
}
