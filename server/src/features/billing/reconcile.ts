import { normaliseEvent } from "../../integrations/stripe/index.ts";
import { catchUp } from "./catch-up.ts";
import { recordAgreed, recordFailed, recordLostEvent, recordRepaired } from "./differences.ts";
import { inWords } from "./error-words.ts";
import { workedEvents } from "./event-kinds.ts";
import type { BillingServices } from "./services.ts";
import { PlanWouldEnd, syncSubscription } from "./sync-subscription.ts";

export interface Reconciled {
  /** Events that Stripe could not deliver and that we did not have. */
  recovered: number;
  /** Workspaces that were compared with Stripe. */
  checked: number;
  /** Workspaces whose state differed and was put right. */
  repaired: number;
  /** Workspaces that could not be compared; the log says why. */
  failed: number;
  /** Why it stopped before its end; `null` where it did not. */
  error: string | null;
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
    if (!(await services.intake.store({ event: normaliseEvent(event), json: JSON.stringify(event) }))) continue;
    await recordLostEvent(services, event);
    recovered += 1;
  }
  return recovered;
}

/** Before all ids. */
const noId = "00000000-0000-0000-0000-000000000000";

async function customersAfter({ db }: BillingServices, after: string): Promise<string[]> {
  const { rows } = await db.operator.query<{ id: string }>({
    name: "customers-after",
    text: "select id from workspaces where stripe_customer_id is not null and id > $1 order by id limit $2",
    values: [after, batch],
  });
  return rows.map(({ id }) => id);
}

/** A reconciliation ends as many plans by itself; more only up to a tenth of all that are paid for. */
const mostEnds = 3;
const mostEndsShare = 0.1;

async function countPayers({ db }: BillingServices): Promise<number> {
  const { rows } = await db.operator.query<{ payers: number }>({
    name: "count-payers",
    text: "select count(*)::int as payers from workspaces where plan <> 'free' and stripe_customer_id is not null",
  });
  return rows[0]?.payers ?? 0;
}

/** Why so many plans are not ended; `null` where it is not that many. */
async function brake(services: BillingServices, ending: number): Promise<string | null> {
  if (ending <= mostEnds) return null;
  const payers = await countPayers(services);
  if (ending <= payers * mostEndsShare) return null;
  return `${ending} of ${payers} paid plans would end at once, so none was ended. Is it the key of the right Stripe account?`;
}

/** Compares one workspace with Stripe. Returns whether it stands as it did because its plan would end. */
async function compare(services: BillingServices, id: string, sum: Reconciled, mayEnd: boolean): Promise<boolean> {
  try {
    if (await syncSubscription(services, id, "reconciliation", mayEnd)) {
      sum.repaired += 1;
      await recordRepaired(services, id);
    } else await recordAgreed(services, id);
  } catch (error) {
    if (error instanceof PlanWouldEnd) return true;
    sum.failed += 1;
    await recordFailed(services, id, inWords(error));
    services.log.error({ err: error, workspaceId: id }, "could not be reconciled with Stripe");
  }
  return false;
}

/**
 * Makes good what events missed: takes in those that Stripe could not deliver, and compares every customer with
 * Stripe, its receipts, refunds and disputes included. What differed is repaired, counted in the log and on record (`billing.synced`, cause `reconciliation`).
 * One workspace that fails does not keep the others from being checked. Plans end last, and not where they are too many
 * to be believed: then each stays as it is, as an open difference.
 */
export async function reconcile(services: BillingServices): Promise<Reconciled> {
  const recovered = await recoverEvents(services);
  const sum: Reconciled = { recovered, checked: 0, repaired: 0, failed: 0, error: null };
  const ending: string[] = [];
  let last = noId;
  for (;;) {
    const ids = await customersAfter(services, last);
    for (const id of ids) {
      sum.checked += 1;
      if (await compare(services, id, sum, false)) ending.push(id);
    }
    last = ids.at(-1) ?? last;
    if (ids.length < batch) break;
  }
  sum.error = await brake(services, ending.length);
  if (sum.error === null) {
    for (const id of ending) await compare(services, id, sum, true);
    await catchUp(services);
  } else {
    sum.failed += ending.length;
    for (const id of ending) await recordFailed(services, id, sum.error);
    services.log.error({ workspaceIds: ending }, sum.error);
  }
  services.log[sum.recovered + sum.repaired + sum.failed > 0 ? "warn" : "info"](sum, "reconciled with Stripe");
  return sum;
}
