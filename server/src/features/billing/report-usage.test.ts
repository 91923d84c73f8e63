import type { AiUsage } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { differences } from "../../../test/chat.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { spend } from "../../../test/spend.ts";
import { day, hour, noDifference, usageWorld } from "../../../test/usage-world.ts";
import { asOperator } from "../../db/client.ts";
import { reportAllUsage } from "./report-all-usage.ts";
import { openPeriod } from "./usage-ledger.ts";

let app: PaidApp;
let world: ReturnType<typeof usageWorld>;
beforeAll(async () => {
  app = await startPaidApp();
  world = usageWorld(app);
});
afterAll(() => app.close());

test("totals reach the invoice: to the micro-dollar as quantity, to the cent as money", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 1_234_567);
  await spend(app, pat, 9_000_000, { passedOn: false });
  await world.report(pat);
  await spend(app, pat, 1);
  await world.turnToEnd(pat, 300);
  await world.report(pat);
  const total = 1_234_568;
  expect(await world.view(pat)).toMatchObject({
    recordedMicros: total,
    reportedMicros: total,
    acceptedMicros: total,
    invoicedMicros: 0,
    pendingMicros: total,
    differences: noDifference,
  });
  const { periodEnd } = await app.subscription(pat);
  const before = (await pat.get<AiUsage>("/api/v1/billing/ai-usage")).body;
  expect(before).toMatchObject({ recordedMicros: total, nextInvoiceMicros: total, nextInvoiceAt: periodEnd });
  await world.turnToEnd(pat, -2 * hour);
  expect(await world.usageLines(pat)).toEqual([{ micros: total, cents: 123, status: "paid" }]);
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({
    invoicedMicros: total,
    invoicedCents: 123,
    pendingMicros: 0,
    differences: noDifference,
  });
  const after = (await pat.get<AiUsage>("/api/v1/billing/ai-usage")).body;
  expect(after).toMatchObject({ recordedMicros: total, invoicedMicros: total, nextInvoiceMicros: 0 });
  expect(await differences(app)).toEqual([]);
});

test("an answer that ended late still comes onto the draft; one after the invoice is final comes onto the next", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 500_000);
  await world.report(pat);
  await world.turnToEnd(pat, -60);
  await spend(app, pat, 250_000);
  await world.report(pat);
  app.local.control.turnClock(2 * hour);
  await app.settled();
  expect(await world.usageLines(pat)).toEqual([{ micros: 750_000, cents: 75, status: "paid" }]);
  await spend(app, pat, 30_000);
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({
    invoicedMicros: 750_000,
    pendingMicros: 30_000,
    differences: noDifference,
  });
  await world.turnToEnd(pat, -2 * hour);
  expect((await world.usageLines(pat)).map(({ micros }) => micros)).toEqual([750_000, 30_000]);
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({ invoicedMicros: 780_000, differences: noDifference });
});

test("nothing told before the invoice became final is made good by the next one", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 100_000);
  await world.report(pat);
  await spend(app, pat, 40_000);
  await world.turnToEnd(pat, -2 * hour);
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({
    invoicedMicros: 100_000,
    pendingMicros: 40_000,
    differences: noDifference,
  });
  await world.turnToEnd(pat, -2 * hour);
  await world.report(pat);
  expect((await world.usageLines(pat)).map(({ micros }) => micros)).toEqual([100_000, 40_000]);
  expect(await world.view(pat)).toMatchObject({ invoicedMicros: 140_000, differences: noDifference });
});

test("a change of plan in the middle of a period leaves its usage where it was", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 70_000);
  await world.report(pat);
  app.local.control.turnClock(10 * day);
  expect(await app.switchTo(pat, "team")).toBe(200);
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", next: { amountCents: 7900 } });
  await spend(app, pat, 5_000);
  await world.report(pat);
  await world.turnToEnd(pat, -2 * hour);
  await world.report(pat);
  expect((await world.usageLines(pat)).map(({ micros }) => micros)).toEqual([75_000]);
  expect(await world.view(pat)).toMatchObject({ invoicedMicros: 75_000, differences: noDifference });
});

test("from the month to the year: what ran up is billed with the switch, and the year counts anew", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 120_000);
  app.local.control.turnClock(10 * day);
  await app.settled();
  const preview = await pat.post<{ nextCents: number }>("/api/v1/billing/preview", { plan: "pro", interval: "year" });
  expect(preview.body.nextCents).toBe(29_000);
  expect(await app.switchTo(pat, "pro", "year")).toBe(200);
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ interval: "year", next: { amountCents: 29_000 } });
  expect(await world.usageLines(pat)).toEqual([{ micros: 120_000, cents: 12, status: "paid" }]);
  await spend(app, pat, 10_000);
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({
    invoicedMicros: 120_000,
    pendingMicros: 10_000,
    differences: noDifference,
  });
  // Longer than the 35 days that Stripe takes events of: the total is told again with each report.
  app.local.control.turnClock(100 * day);
  await app.settled();
  await spend(app, pat, 1_000);
  await world.report(pat);
  await world.turnToEnd(pat, -2 * hour);
  await world.report(pat);
  expect((await world.usageLines(pat)).map(({ micros }) => micros)).toEqual([120_000, 11_000]);
  expect(await world.view(pat)).toMatchObject({ invoicedMicros: 131_000, differences: noDifference });
});

test("a plan switched twice within a second: the period between has no time, and takes no answers", async () => {
  const { workspaceId } = await app.signUp();
  const [at, month, year] = ["2026-11-02T08:00:00.000Z", "2026-12-02T08:00:00.000Z", "2027-11-02T08:00:00.000Z"];
  const of = { stripePriceId: "price", stripeSubscriptionId: "sub", stripeCustomerId: "cus" };
  const open = (stripeItemId: string, end: string) =>
    asOperator(app.db, (tx) =>
      openPeriod(tx, { workspaceId, stripeItemId, ...of, periodStart: new Date(at), periodEnd: new Date(end) }),
    );
  await open("yearly", year);
  // The second report after the switch finds what the first one did.
  for (let reports = 0; reports < 2; reports += 1) await open("monthly", month);
  const { rows } = await app.db.operator.query<{ item: string; end: Date }>(
    `select stripe_item_id as item, period_end as "end" from usage_periods where workspace_id = $1 order by 1`,
    [workspaceId],
  );
  expect(rows).toEqual([
    { item: "monthly", end: new Date(month) },
    { item: "yearly", end: new Date(at) },
  ]);
});

test("a plan cancelled at once, or at its period's end: the last invoice has all of it", async () => {
  const now = await app.payer("pro");
  await spend(app, now, 660_000);
  await world.report(now);
  app.local.control.turnClock(day);
  await spend(app, now, 40_000);
  expect((await now.post("/api/v1/billing/cancel", { when: "now" })).status).toBe(200);
  const later = await app.payer("team");
  await spend(app, later, 330_000);
  const { id } = await world.subscriptionOf(later);
  await app.local.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  await world.turnToEnd(later, 240);
  await world.report(later);
  await world.turnToEnd(later, -2 * day);
  for (const [client, micros] of [
    [now, 700_000],
    [later, 330_000],
  ] as const) {
    await world.report(client);
    expect(await world.usageLines(client)).toEqual([{ micros, cents: micros / 10_000, status: "paid" }]);
    expect(await world.view(client)).toMatchObject({
      invoicedMicros: micros,
      pendingMicros: 0,
      differences: noDifference,
    });
  }
});

test("money paid back changes nothing of what was invoiced", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 50_000);
  await world.report(pat);
  await world.turnToEnd(pat, -2 * hour);
  const { data } = await app.local.stripe.charges.list({ customer: await world.customerOf(pat), limit: 1 });
  app.local.control.refund(data[0]?.id ?? "");
  await app.settled();
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({ invoicedMicros: 50_000, differences: noDifference });
});

test("a subscription from before there was AI usage gets its item with the first report, once", async () => {
  const pat = await app.payer("pro");
  const { id, items } = await world.subscriptionOf(pat);
  const usage = items.data.find(({ price }) => price.recurring?.usage_type === "metered");
  await app.local.stripe.subscriptionItems.del(usage?.id ?? "");
  await world.report(pat);
  expect((await app.local.stripe.subscriptions.retrieve(id)).items.data).toHaveLength(1);
  await spend(app, pat, 20_000);
  await Promise.all([world.report(pat), world.report(pat), world.report(pat)]);
  expect((await app.local.stripe.subscriptions.retrieve(id)).items.data).toHaveLength(2);
  await world.turnToEnd(pat, -2 * hour);
  await world.report(pat);
  expect((await world.usageLines(pat)).map(({ micros }) => micros)).toEqual([20_000]);
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
});

test("the hour's job gives each workspace with open usage a report of its own, and the period's end is looked out for", async () => {
  const pat = await app.payer("pro");
  await app.payer("pro");
  await spend(app, pat, 10_000);
  await reportAllUsage(app.billing());
  await app.settled();
  expect(await world.view(pat)).toMatchObject({ acceptedMicros: 10_000, differences: noDifference });
  const { rows } = await app.db.operator.query<{ at: Date }>(
    "select run_at as at from graphile_worker.jobs where key = $1",
    [`usage:${pat.workspaceId}`],
  );
  const { periodEnd } = await app.subscription(pat);
  const ahead = Date.parse(periodEnd ?? "") - app.local.control.now() * 1_000;
  expect(rows).toHaveLength(1);
  expect(Math.abs((rows[0]?.at.getTime() ?? 0) - Date.now() - (ahead - 5 * 60 * 1_000))).toBeLessThan(60_000);
});

test("a subscription to usage alone is no plan", async () => {
  const pat = await app.payer("pro");
  const { usage } = await app.local.catalogue();
  const customer = await world.customerOf(pat);
  const { default_payment_method: card } = await world.subscriptionOf(pat);
  await app.local.stripe.subscriptions.create({
    customer,
    items: [{ price: usage?.prices.month ?? "" }],
    default_payment_method: typeof card === "string" ? card : (card?.id ?? ""),
  });
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
});
