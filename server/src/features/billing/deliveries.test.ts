import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startTestApp } from "../../../test/harness.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { startWorker } from "../../jobs/queue.ts";
import { makeLog } from "../../log.ts";
import { workedEvents } from "./event-kinds.ts";
import { fetchSubscriptions } from "./fetch-subscriptions.ts";

const customers = 8;
const deliveries = 500;

/** Pays and goes on in one of four ways, so that not all end alike. None of it has been delivered yet. */
async function live(app: PaidApp, client: Client, way: number): Promise<void> {
  const { stripe, control } = app.local;
  const session = await app.checkout(client);
  control.payCheckout(session);
  const { subscription } = await stripe.checkout.sessions.retrieve(session, { expand: ["subscription"] });
  if (subscription === null || typeof subscription === "string") throw new Error("nothing was bought");
  const { prices } = await app.local.catalogue();
  const item = subscription.items.data.find(({ price }) => price.id === prices.pro.month)?.id ?? "";
  const switchTo = (price: string) =>
    stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price }],
      proration_behavior: "always_invoice",
    });
  await switchTo(prices.team.month);
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
  if (way === 0) return;
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
  if (way === 1) await stripe.subscriptions.cancel(subscription.id);
  if (way === 2) await switchTo(prices.pro.month);
}

test("500 deliveries in any order to two servers at once: all are worked on, nothing deadlocks, everybody ends where Stripe stands", async () => {
  const app = await startPaidApp();
  onTestFinished(() => app.close());
  const second = await startTestApp({ databaseUrl: app.databaseUrl, deps: { stripe: app.local } });
  onTestFinished(() => second.close());
  const worker = await startWorker(second.db, second.app.jobs, makeLog("silent"));
  onTestFinished(() => worker.stop());
  const { stripe, control, webhookSecrets } = app.local;
  control.deliveries.setMode({ hold: true });
  const clients = await Promise.all(Array.from({ length: customers }, () => app.signUp()));
  for (const [n, client] of clients.entries()) await live(app, client, n % 4);
  const all = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  const events = all.filter(({ type }) => workedEvents.includes(type));

  const send = async (url: string, payload: string): Promise<number> => {
    const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecrets[0] ?? "" });
    const headers = { "content-type": "application/json", "stripe-signature": signature };
    const answer = await fetch(`${url}/api/v1/billing/webhook`, { method: "POST", headers, body: payload });
    await answer.arrayBuffer();
    return answer.status;
  };
  const query = async (sql: string) => (await app.db.operator.query<Record<string, unknown>>(sql)).rows;
  const waiting = () => query("select type, stripe_customer_id, error from billing_events where processed_at is null");

  const place = fc.record({ event: fc.constantFrom(...events), twice: fc.nat(9).map((n) => n === 0) });
  const order = fc.array(place, { minLength: deliveries, maxLength: deliveries });
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(order, async (places) => {
      await query("delete from subscriptions");
      await query("update workspaces set plan = 'free'");
      // Each event comes at least once, most of them often, some with the same id again.
      const drawn = [...events.map((event) => ({ event, twice: false })), ...places].slice(-deliveries - events.length);
      const queue = drawn.values();
      const workers = Array.from({ length: 16 }, async (_, n) => {
        for (const { event, twice } of queue) {
          sent += 1;
          const payload = JSON.stringify({ ...event, id: `evt_${randomUUID()}` });
          const urls = [app.url, second.url];
          const answers = [
            send(urls[n % 2] ?? "", payload),
            ...(twice ? [send(urls[(n + 1) % 2] ?? "", payload)] : []),
          ];
          for (const status of await Promise.all(answers)) expect(status).toBe(200);
        }
      });
      await Promise.all(workers);
      await expect.poll(waiting, { timeout: 30_000, interval: 50 }).toEqual([]);
      expect(await query("select count(*)::int as stored from billing_events")).toEqual([{ stored: sent }]);
      for (const { workspaceId } of clients) {
        const [row] = await query(
          `select w.plan, w.stripe_customer_id, s.stripe_subscription_id, s.status, s.price_id, s.cancel_at
          from workspaces w join subscriptions s on s.workspace_id = w.id where w.id = '${workspaceId}'`,
        );
        const customer = String(row?.["stripe_customer_id"]);
        const [truth] = await fetchSubscriptions(stripe, customer, await app.local.catalogue());
        expect(row).toMatchObject({
          plan: truth?.status === "active" ? truth.plan : "free",
          stripe_subscription_id: truth?.id,
          status: truth?.status,
          price_id: truth?.priceId,
          cancel_at: truth?.status === "active" ? truth.stripe.cancelAt : null,
        });
      }
    }),
    { numRuns: 3, endOnFailure: true },
  );
  expect(await query("select * from billing_events where error is not null")).toEqual([]);
  expect(await query("select deadlocks from pg_stat_database where datname = current_database()")).toEqual([
    { deadlocks: 0 },
  ]);
}, 120_000);
