import { catchUp } from "./catch-up.ts";
import { recordAgreed, recordFailed, recordLostEvent, recordRepaired } from "./differences.ts";
import { inWords } from "./error-words.ts";
import { workedEvents } from "./event-kinds.ts";
import { storeEvent } from "./receive-event.ts";
import type { BillingServices } from "./services.ts";
import { syncSubscription } from "./sync-subscription.ts";

export interface Reconciled {
  /** Events that Stripe could not deliver and that we did not have. */
  recovered: number;
  /** Workspaces that were compared with Stripe. */
  checked: number;
  /** Workspaces whose state differed and was put right. */
  repaired: number;
  /** Workspaces that could not be compared; the log says why. */
  failed: number;
}

/** Stripe tries to deliver an event for three days: https://docs.stripe.com/webhooks#retries */
const deliveryMs = 3 * 24 * 60 * 60 * 1_000;
const batch = 100;

async function recoverEvents(services: BillingServices): Promise<number> {
  const since = Math.floor((services.now().getTime() - deliveryMs) / 1_000);
  let recovered = 0;
  const lost = services.stripe.events.list({
    delivery_success: false,
    created: { gte: since },
    types: [...workedEvents],
    limit: 100,
  });
  for await (const event of lost) {
    if (!(await storeEvent(services.db, event))) continue;
    await recordLostEvent(services, event);
    recovered += 1;
  }
  return recovered;
}

async function customersAfter({ db }: BillingServices, after: string | null): Promise<string[]> {
  const { rows } = await db.operator.query<{ id: string }>({
    name: "customers-after",
    text: `select id from workspaces where stripe_customer_id is not null and ($1::uuid is null or id > $1)
      order by id limit $2`,
    values: [after, batch],
  });
  return rows.map(({ id }) => id);
}

/**
 * Makes good what events missed: takes in those that Stripe could not deliver, and compares every customer with
 * Stripe, its receipts, refunds and disputes included. What differed is repaired, counted in the log and on record (`billing.synced`, cause `reconciliation`).
 * One workspace that fails does not keep the others from being checked.
 */
export async function reconcile(services: BillingServices): Promise<Reconciled> {
  const sum: Reconciled = { recovered: await recoverEvents(services), checked: 0, repaired: 0, failed: 0 };
  let last: string | null = null;
  for (;;) {
    const ids = await customersAfter(services, last);
    for (const id of ids) {
      sum.checked += 1;
      try {
        if (await syncSubscription(services, id, "reconciliation")) {
          sum.repaired += 1;
          await recordRepaired(services, id);
        } else await recordAgreed(services, id);
      } catch (error) {
        sum.failed += 1;
        await recordFailed(services, id, inWords(error));
        services.log.error({ err: error, workspaceId: id }, "could not be reconciled with Stripe");
      }
    }
    last = ids.at(-1) ?? null;
    if (ids.length < batch) break;
  }
  await catchUp(services);
  services.log[sum.recovered + sum.repaired + sum.failed > 0 ? "warn" : "info"](sum, "reconciled with Stripe");
  return sum;
}
