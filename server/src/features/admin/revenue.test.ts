import type { Revenue, RevenueMonth } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

const day = 24 * 3_600;
const dollars = (amount: number) => amount * 1_000_000;

let app: PaidApp;
let boss: Client;
beforeAll(async () => {
  app = await startPaidApp({ env: operatorEnv });
  boss = await signUpOperator(app);
});
afterAll(() => app.close());

const revenue = async (): Promise<Revenue> => (await boss.get<Revenue>("/api/v1/admin/revenue?months=4")).body;

/** This month, by what moved in it, in micro-dollars; what is 0 is left out. */
async function thisMonth(): Promise<Record<string, number>> {
  const { months } = await revenue();
  const { month: _, ...micros } = months.at(-1) as RevenueMonth;
  return Object.fromEntries(
    Object.entries(micros).flatMap(([name, value]) => (value === 0 ? [] : [[name.replace("Micros", ""), value]])),
  );
}

const customerOf = async (client: Client): Promise<string> =>
  (await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [client.workspaceId]))
    .rows[0].id;

async function subscriptionOf(client: Client) {
  const { data } = await app.local.stripe.subscriptions.list({ customer: await customerOf(client), status: "all" });
  if (!data[0]) throw new Error("no subscription");
  return data[0];
}

async function switchTo(client: Client, price: string | null): Promise<void> {
  const { id, items } = await subscriptionOf(client);
  await app.local.stripe.subscriptions.update(id, {
    items: [{ id: items.data[0]?.id ?? "", price: price ?? "" }],
    proration_behavior: "always_invoice",
  });
  await app.settled();
}

/** Turns Stripe's clock to the 10th of the next month. Everybody below pays on the 1st at noon. */
async function nextMonth(dayOfMonth = 10): Promise<void> {
  const now = app.local.now();
  const to = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, dayOfMonth);
  app.local.control.turnClock(to / 1_000 - app.local.control.now());
  await app.settled();
}

test("a year of a business in five months, told by the clock: each kind of move, and nothing lost between the months", async () => {
  const { prices } = await app.local.catalogue();
  await nextMonth(1);
  const pat = await app.payer("pro");
  const sam = await app.payer("team");
  const kim = await app.payer("pro", "year");
  const yearly = Math.round(dollars(290) / 12);
  expect(await thisMonth()).toEqual({ new: dollars(108) + yearly, end: dollars(108) + yearly });

  // Upgrade and downgrade; what is paid back or charged once is no recurring revenue.
  await nextMonth();
  await switchTo(pat, prices.team.month);
  await switchTo(sam, prices.pro.month);
  const { data } = await app.local.stripe.charges.list({ customer: await customerOf(pat), limit: 1 });
  app.local.control.refund(data[0]?.id ?? "", 500);
  await app.settled();
  const start = dollars(108) + yearly;
  expect(await thisMonth()).toEqual({ start, expansion: dollars(50), contraction: dollars(50), end: start });

  // A payment fails: counted all the same, and told apart. Then it is paid after all.
  app.local.control.failPayments({ customer: await customerOf(pat), times: 100 });
  await nextMonth();
  expect(await revenue()).toMatchObject({ payers: 3, pastDuePayers: 1, pastDueMicros: dollars(79) });
  expect(await thisMonth()).toEqual({ start, failed: dollars(79), end: start });
  app.local.control.failPayments({ customer: await customerOf(pat), times: 0 });
  app.local.control.turnClock(8 * day);
  await app.settled();
  expect(await revenue()).toMatchObject({ pastDuePayers: 0, pastDueMicros: 0 });
  expect(await thisMonth()).toEqual({ start, failed: dollars(79), recovered: dollars(79), end: start });

  // Cancelled, it counts until it ends; then it is gone.
  await app.local.stripe.subscriptions.update((await subscriptionOf(sam)).id, { cancel_at_period_end: true });
  await app.settled();
  expect(await revenue()).toMatchObject({ payers: 3, endingPayers: 1, endingMicros: dollars(29) });
  await nextMonth();
  expect(await thisMonth()).toEqual({ start, churn: dollars(29), end: start - dollars(29) });

  const told = await revenue();
  expect(told.months).toHaveLength(4);
  expect(told.plans).toEqual([
    { plan: "pro", interval: "year", payers: 1, mrrMicros: yearly },
    { plan: "team", interval: "month", payers: 1, mrrMicros: dollars(79) },
  ]);
  expect(told.mrrMicros).toBe(told.months.at(-1)?.endMicros);
  for (const [index, month] of told.months.entries())
    if (index > 0) expect(month.startMicros).toBe(told.months[index - 1]?.endMicros);
  expect((await subscriptionOf(kim)).status).toBe("active");
});

test("a coupon is taken off; when it is used up the revenue expands; a trial counts once it is paid", async () => {
  const before = (await revenue()).mrrMicros;
  const grown = async () => ((await revenue()).mrrMicros - before) / 1_000_000;
  const pat = await app.signUp();
  // The customer is made with the first payment page.
  await app.checkout(pat, "team");
  const { prices } = await app.local.catalogue();
  const coupon = await app.local.stripe.coupons.create({
    percent_off: 50,
    duration: "repeating",
    duration_in_months: 2,
  });
  const session = await app.local.stripe.checkout.sessions.create({
    mode: "subscription",
    customer: await customerOf(pat),
    line_items: [{ price: prices.team.month, quantity: 1 }],
    success_url: "http://charlie.test/",
    subscription_data: { trial_period_days: 7 },
    discounts: [{ coupon: coupon.id }],
  });
  app.local.control.payCheckout(session.id);
  await app.settled();
  expect([(await app.subscription(pat)).status, await grown()]).toEqual(["trialing", 0]);
  app.local.control.turnClock(8 * day);
  await app.settled();
  expect([(await app.subscription(pat)).status, await grown()]).toEqual(["active", 39.5]);
  app.local.control.turnClock(70 * day);
  await app.settled();
  expect(await grown()).toBe(79);
});
