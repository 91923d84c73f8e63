import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { reconcile } from "./reconcile.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

const hour = 3_600;
const day = 24 * hour;

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp({ env: { BILLING_GRACE_DAYS: "5" } });
});
afterAll(() => app.close());

const customerOf = async (client: Client): Promise<string> =>
  (await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [client.workspaceId]))
    .rows[0].id;

/** Turns Stripe's clock to `seconds` after a moment, and waits for what that sends. */
async function turnTo(moment: string | null, seconds: number): Promise<void> {
  const to = Math.floor(Date.parse(moment ?? "") / 1_000) + seconds;
  app.local.control.turnClock(Math.max(0, to - app.local.control.now()));
  await app.settled();
}

test("a renewal moves the period on", async () => {
  const pat = await app.payer();
  const first = await app.subscription(pat);
  await turnTo(first.periodEnd, 2 * hour);
  const second = await app.subscription(pat);
  expect(second).toMatchObject({ plan: "pro", status: "active", periodStart: first.periodEnd });
  expect(Date.parse(second.periodEnd ?? "")).toBeGreaterThan(Date.parse(first.periodEnd ?? ""));
});

test("a failed renewal keeps the plan for the days of grace; then it falls to Free though no event comes; paid, it is back", async () => {
  const pat = await app.payer();
  const { periodEnd } = await app.subscription(pat);
  app.local.control.failPayments({ customer: await customerOf(pat), times: 100 });
  await turnTo(periodEnd, 2 * hour);
  const late = await app.subscription(pat);
  expect(late).toMatchObject({ plan: "pro", status: "past_due", next: { kind: "payment_due", amountCents: 2900 } });
  // Stripe collects an hour after the period's end; the days of grace count from there.
  expect(Date.parse(late.next?.at ?? "") - Date.parse(periodEnd ?? "")).toBe((hour + 5 * day) * 1_000);

  app.local.control.deliveries.setMode({ hold: true });
  await turnTo(periodEnd, hour + 5 * day - 60);
  expect((await pat.post<{ plan: string }>("/api/v1/billing/refresh")).body.plan).toBe("pro");
  await turnTo(periodEnd, hour + 5 * day + 60);
  // The timer waits in real time, which does not turn with Stripe's clock.
  const { rowCount } = await app.db.operator.query(
    "update graphile_worker._private_jobs set run_at = now() where key = $1",
    [`grace:${pat.workspaceId}`],
  );
  expect(rowCount).toBe(1);
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({
    plan: "free",
    status: "past_due",
    next: { kind: "payment_due" },
  });

  app.local.control.deliveries.setMode({ hold: false });
  app.local.control.deliveries.release({ shuffle: true });
  app.local.control.failPayments({ customer: await customerOf(pat), times: 0 });
  await turnTo(periodEnd, 14 * day);
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active", next: { kind: "renews" } });
});

test("cancelled at the period's end, the plan ends there", async () => {
  const pat = await app.payer("team");
  const { data } = await app.local.stripe.subscriptions.list({ customer: await customerOf(pat) });
  await app.local.stripe.subscriptions.update(data[0]?.id ?? "", { cancel_at_period_end: true });
  await app.settled();
  const before = await app.subscription(pat);
  expect(before).toMatchObject({ plan: "team", cancelAt: before.periodEnd });
  await turnTo(before.periodEnd, hour);
  expect(await app.subscription(pat)).toMatchObject({ plan: "free", status: "canceled", cancelAt: null, next: null });
});

test("events that never arrived are made good by one reconciliation; the next finds nothing", async () => {
  const pat = await app.payer("pro");
  const sam = await app.payer("pro");
  const kim = await app.payer("team");
  app.local.control.deliveries.setMode({ drop: 1_000 });
  const [first, second] = await Promise.all(
    [pat, sam].map(async (client) => {
      const { data } = await app.local.stripe.subscriptions.list({ customer: await customerOf(client) });
      return data[0];
    }),
  );
  const { prices } = await app.local.catalogue();
  await app.local.stripe.subscriptions.cancel(first?.id ?? "");
  await app.local.stripe.subscriptions.update(second?.id ?? "", {
    items: [{ id: second?.items.data[0]?.id ?? "", price: prices.team.month }],
  });
  await app.settled();
  app.local.control.deliveries.setMode({ drop: 0 });
  expect([await app.subscription(pat), await app.subscription(sam)]).toMatchObject([{ plan: "pro" }, { plan: "pro" }]);

  const services = app.billing();
  expect(await reconcile(services)).toMatchObject({ recovered: 2, failed: 0 });
  await app.settled();
  expect([await app.subscription(pat), await app.subscription(sam), await app.subscription(kim)]).toMatchObject([
    { plan: "free", status: "canceled" },
    { plan: "team" },
    { plan: "team" },
  ]);

  // A difference that no event tells of: found by comparing.
  await app.db.operator.query("update workspaces set plan = 'free' where id = $1", [kim.workspaceId]);
  const found = await reconcile(services);
  expect(found).toMatchObject({ recovered: 0, repaired: 1, failed: 0 });
  expect(await app.subscription(kim)).toMatchObject({ plan: "team" });
  expect(await reconcile(services)).toEqual({
    recovered: 0,
    checked: found.checked,
    repaired: 0,
    failed: 0,
    error: null,
  });
  const { rows } = await app.db.operator.query(
    "select data->>'cause' as cause from audit_log where workspace_id = $1 and action = 'billing.synced' order by created_at",
    [kim.workspaceId],
  );
  expect(rows).toEqual([{ cause: "event" }, { cause: "reconciliation" }]);
});

test("while Stripe is away the plan still shows, and what needs Stripe says so", async () => {
  const pat = await app.payer("pro");
  await app.local.close();
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
  const answers = await Promise.all([
    pat.post<{ code: string }>("/api/v1/billing/refresh"),
    pat.get<{ code: string }>("/api/v1/billing/invoices"),
    pat.post<{ code: string }>("/api/v1/billing/portal", {}),
  ]);
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
    Array.from({ length: 3 }, () => [503, "stripe_away"]),
  );
});
