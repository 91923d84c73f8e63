import * as fc from "fast-check";
import { expect } from "vitest";
import { workedEvents } from "../../server/src/features/billing/event-kinds.ts";
import { fetchSubscriptions } from "../../server/src/features/billing/fetch-subscriptions.ts";
import type { Client } from "../../server/test/client.ts";
import type { Paying } from "../../server/test/paid-app.ts";
import { survive } from "../seeds.ts";

const lateSeconds = 72 * 3_600;
const turns = ["up", "cancel", "undo", "end"] as const;
const life = fc.uniqueArray(fc.constantFrom(...turns), { maxLength: 3 });
/** What becomes of all events: each comes ten times in any order, 72 hours after it happened or at once, or never. */
const fate = fc.constantFrom("shuffled", "late", "dropped");

/** Pays, then goes through turns that Stripe knows of and we do not yet. */
async function live(app: Paying, client: Client, way: readonly (typeof turns)[number][]): Promise<void> {
  const { stripe, control } = app.local;
  const session = await app.checkout(client);
  control.payCheckout(session);
  const { subscription } = await stripe.checkout.sessions.retrieve(session, { expand: ["subscription"] });
  if (subscription === null || typeof subscription === "string") throw new Error("nothing was bought");
  const { id, items } = subscription;
  const { prices } = await app.local.catalogue();
  const plan = items.data.find(({ price }) => price.id === prices.pro.month)?.id ?? "";
  for (const turn of way) {
    if (turn === "up") await stripe.subscriptions.update(id, { items: [{ id: plan, price: prices.team.month }] });
    if (turn === "cancel") await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    if (turn === "undo") await stripe.subscriptions.update(id, { cancel_at_period_end: false });
    if (turn === "end") return void (await stripe.subscriptions.cancel(id));
  }
}

/** A service, and where its servers take Stripe's events. */
export interface Told extends Paying {
  seeds: number;
  urls: readonly string[];
  /** It compares itself with Stripe, as it does each hour. */
  reconcile(): Promise<void>;
}

/** Fault 4: webhooks shuffled, ten times each, 72 hours late, or all dropped: everybody stands as at Stripe. */
export async function webhooksAstray(service: Told): Promise<void> {
  const { stripe, control, webhookSecrets } = service.local;
  const secret = webhookSecrets[0] ?? "";
  control.deliveries.setMode({ hold: true });
  const happened = () => stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  let known = new Set((await happened()).map(({ id }) => id));

  const scenarios = fc.record({
    lives: fc.array(life, { minLength: 1, maxLength: 3 }),
    fate,
    order: fc.array(fc.nat(), { minLength: 400, maxLength: 400 }),
  });
  await survive(service, scenarios, async ({ lives, fate: fell, order }) => {
    const clients = await Promise.all(lives.map(() => service.signUp()));
    for (const [n, client] of clients.entries()) await live(service, client, lives[n] ?? []);
    const all = await happened();
    const events = all.filter(({ id, type }) => !known.has(id) && workedEvents.includes(type));
    known = new Set(all.map(({ id }) => id));
    expect(events.length).toBeGreaterThan(0);

    if (fell === "late") control.turnClock(lateSeconds);
    if (fell === "dropped") await service.reconcile();
    else {
      const copies = Array.from({ length: 10 }, () => events).flat();
      const shuffled = copies
        .map((event, n) => ({ event, place: order[n % order.length] ?? 0 }))
        .toSorted((a, b) => a.place - b.place);
      const queue = shuffled.entries();
      const senders = Array.from({ length: 8 }, async () => {
        for (const [n, { event }] of queue) {
          const payload = JSON.stringify(event);
          const signature = stripe.webhooks.generateTestHeaderString({ payload, secret });
          const headers = { "content-type": "application/json", "stripe-signature": signature };
          const url = `${service.urls[n % service.urls.length]}/api/v1/billing/webhook`;
          expect((await fetch(url, { method: "POST", headers, body: payload })).status).toBe(200);
        }
      });
      await Promise.all(senders);
    }
    const { rows: waiting } = await service.db.operator.query(
      "select count(*)::int as count from billing_events where stripe_event_id = any($1)",
      [events.map(({ id }) => id)],
    );
    // Ten copies are one event; of dropped ones the reconciliation learns from Stripe's own list.
    expect(waiting).toEqual([{ count: events.length }]);
    await service.settled();

    for (const { workspaceId } of clients) {
      const { rows } = await service.db.operator.query(
        `select w.plan, w.stripe_customer_id, s.stripe_subscription_id, s.status, s.price_id, s.cancel_at,
          (select coalesce(sum(amount_micros), 0)::float from revenue_changes r where r.workspace_id = w.id) as revenue, s.mrr_micros::float as mrr
        from workspaces w join subscriptions s on s.workspace_id = w.id where w.id = $1`,
        [workspaceId],
      );
      const row = rows[0] as Record<string, unknown>;
      const [truth] = await fetchSubscriptions(
        stripe,
        String(row["stripe_customer_id"]),
        await service.local.catalogue(),
      );
      expect(row).toMatchObject({
        plan: truth?.status === "active" ? truth.plan : "free",
        stripe_subscription_id: truth?.id,
        status: truth?.status,
        price_id: truth?.priceId,
        cancel_at: truth?.status === "active" ? truth.stripe.cancelAt : null,
        // Nothing is granted or counted as revenue twice.
        revenue: row["mrr"],
      });
    }
    const failed = "select type, error from billing_events where error is not null or processed_at is null";
    expect((await service.db.operator.query(failed)).rows).toEqual([]);
  });
  control.deliveries.setMode({ hold: false });
}
