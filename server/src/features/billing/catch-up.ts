import { inArray } from "drizzle-orm";
import type { Stripe } from "stripe";
import { asOperator } from "../../db/client.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { normaliseInvoice, type StripeInvoice } from "../../integrations/stripe/index.ts";
import { withBillingLock } from "./lock.ts";
import { customerOfCharge, keepDispute, keepRefund } from "./payment-records.ts";
import { isPaidFor, queueReceipt, receiptKey } from "./receipts.ts";
import type { BillingServices } from "./services.ts";

/** How far back what an event should have told is looked for, in seconds: a monthly invoice and its retries. */
const backSeconds = 35 * 24 * 60 * 60;
const batch = 100;

async function* inBatches<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let waiting: T[] = [];
  for await (const item of items) {
    waiting.push(item);
    if (waiting.length < batch) continue;
    yield waiting;
    waiting = [];
  }
  if (waiting.length > 0) yield waiting;
}

/** Each item of a customer of ours with its workspace. */
async function withWorkspaces<T>(
  { db }: BillingServices,
  items: readonly T[],
  customerOf: (item: T) => string | null,
): Promise<{ item: T; workspaceId: string }[]> {
  const customers = [...new Set(items.map(customerOf).filter((id) => id !== null))];
  if (customers.length === 0) return [];
  const rows = await asOperator(db, (tx) =>
    tx
      .select({ id: workspaces.id, customer: workspaces.stripeCustomerId })
      .from(workspaces)
      .where(inArray(workspaces.stripeCustomerId, customers)),
  );
  const ids = new Map(rows.map(({ id, customer }) => [customer, id]));
  return items.flatMap((item) => {
    const workspaceId = ids.get(customerOf(item));
    return workspaceId === undefined ? [] : [{ item, workspaceId }];
  });
}

/** Which of these invoices are of customers of ours, and have no receipt yet. */
const missingSql = `
select w.id as "workspaceId", paid.place::int - 1 as index
from unnest($1::text[], $2::text[]) with ordinality as paid (customer, key, place)
join workspaces w on w.stripe_customer_id = paid.customer
where not exists (select from mails m where m.dedupe_key = paid.key)`;

async function missingReceipts({ db }: BillingServices, paid: readonly StripeInvoice[]): Promise<void> {
  const values = [paid.map(({ customerId }) => customerId), paid.map(({ id }) => receiptKey(id))];
  const { rows } = await db.operator.query<{ workspaceId: string; index: number }>({
    name: "missing-receipts",
    text: missingSql,
    values,
  });
  if (rows.length === 0) return;
  await asOperator(db, async (tx) => {
    for (const { workspaceId, index } of rows) {
      const invoice = paid[index];
      if (invoice) await queueReceipt(tx, workspaceId, invoice);
    }
  });
}

/** Keeps each refund or dispute of ours under its workspace's lock. */
async function keepAll<T extends { charge: string | Stripe.Charge | null }>(
  services: BillingServices,
  items: AsyncIterable<T>,
  keep: (services: BillingServices, workspaceId: string, item: T) => Promise<void>,
): Promise<void> {
  for await (const some of inBatches(items)) {
    for (const { item, workspaceId } of await withWorkspaces(services, some, ({ charge }) => customerOfCharge(charge)))
      await withBillingLock(services, workspaceId, () => keep(services, workspaceId, item));
  }
}

/**
 * Makes good what events should have told and no later look at a subscription would show: receipts, refunds and
 * disputes of the last five weeks, of all customers at once. What is there already stays as it is.
 */
export async function catchUp(services: BillingServices): Promise<void> {
  const { stripe } = services;
  const common = { created: { gte: Math.floor(services.now().getTime() / 1_000) - backSeconds }, limit: batch };
  for await (const some of inBatches(stripe.invoices.list({ ...common, status: "paid" }))) {
    const paid = some.map((invoice) => normaliseInvoice(invoice)).filter((invoice) => isPaidFor(invoice));
    await missingReceipts(services, paid);
  }
  await keepAll(services, stripe.refunds.list({ ...common, expand: ["data.charge"] }), keepRefund);
  await keepAll(services, stripe.disputes.list({ ...common, expand: ["data.charge"] }), keepDispute);
}
