// What is sent, story by story, written down: `type status-or-so {what changed}`.
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { advance, createPayer, createShop, createWorld, DAY, HOUR, utc, type Shop, type World } from "./world.ts";

let world: World;
let shop: Shop;
let stripe: Stripe;
const START = utc("2026-01-31T12:00:00");
const TURN = utc("2026-02-28T12:00:00");

beforeEach(async () => {
  world = await createWorld();
  stripe = world.stripe;
  shop = await createShop(stripe);
  await world.types();
});
afterEach(() => world.close());

/** The events since the last call, one line each. */
async function told(): Promise<string[]> {
  const count = (await world.types()).length;
  return world.delivered
    .slice(world.delivered.length - count)
    .filter((event) => !event.type.startsWith("test_helpers."))
    .map((event) => {
      const { status } = event.data.object as { status?: string };
      const previous = Object.entries(event.data.previous_attributes ?? {}).map(([key, value]) =>
        typeof value === "string" && !value.startsWith("in_") ? `${key} was ${value}` : key,
      );
      return [event.type, status, previous.length > 0 && `{${previous.join(", ")}}`].filter(Boolean).join(" ");
    });
}

async function subscribed(fields: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const { customer, clock } = await createPayer(stripe, { at: START });
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }], ...fields });
  return { customer: customer.id, clock: clock!.id, id: made.id, item: made.items.data[0]!.id };
}

async function session(fields: object = {}) {
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const made = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: shop.pro.id, quantity: 1 }],
    success_url: "https://app.example/done",
    ...fields,
  });
  await told();
  return made.id;
}

test("checkout", async () => {
  world.sandbox.control.payCheckout(await session());
  expect(await told()).toMatchSnapshot();
});

test("checkout with 3-D Secure", async () => {
  world.sandbox.control.payCheckout(await session(), { number: "4000002500003155" });
  expect(await told()).toMatchSnapshot();
});

test("checkout declined, then paid", async () => {
  const id = await session();
  world.sandbox.control.payCheckout(id, { number: "4000000000000002" });
  world.sandbox.control.payCheckout(id);
  expect(await told()).toMatchSnapshot();
});

test("checkout with a trial", async () => {
  world.sandbox.control.payCheckout(await session({ subscription_data: { trial_period_days: 7 } }));
  expect(await told()).toMatchSnapshot();
});

test("created by API", async () => {
  await subscribed();
  expect(await told()).toMatchSnapshot();
});

test("renewal", async () => {
  const { clock } = await subscribed();
  await told();
  await advance(stripe, clock, TURN);
  expect(await told()).toMatchSnapshot("at the turn");
  await advance(stripe, clock, TURN + HOUR);
  expect(await told()).toMatchSnapshot("an hour later");
});

test("renewal fails until the end", async () => {
  const { clock, customer } = await subscribed();
  world.sandbox.control.failPayments({ customer, times: 99 });
  await told();
  await advance(stripe, clock, TURN + HOUR);
  expect(await told()).toMatchSnapshot("the first time");
  await advance(stripe, clock, TURN + HOUR + 14 * DAY);
  expect(await told()).toMatchSnapshot("eight retries and the end");
});

test("renewal fails and recovers", async () => {
  const { clock, customer } = await subscribed();
  world.sandbox.control.failPayments({ customer });
  await advance(stripe, clock, TURN + HOUR);
  await told();
  await advance(stripe, clock, TURN + HOUR + DAY);
  expect(await told()).toMatchSnapshot();
});

test.each(["create_prorations", "always_invoice", "none"] as const)("switch with %s", async (proration_behavior) => {
  const { clock, id, item } = await subscribed();
  await advance(stripe, clock, START + 14 * DAY);
  await told();
  await stripe.subscriptions.update(id, { items: [{ id: item, price: shop.team.id }], proration_behavior });
  expect(await told()).toMatchSnapshot();
});

test("switch to a year", async () => {
  const { id, item } = await subscribed();
  await told();
  await stripe.subscriptions.update(id, { items: [{ id: item, price: shop.proYear.id }] });
  expect(await told()).toMatchSnapshot();
});

test("cancel at the period's end, undo, cancel by time, end", async () => {
  const { clock, id } = await subscribed();
  await told();
  await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  await stripe.subscriptions.update(id, { cancel_at_period_end: false });
  await stripe.subscriptions.update(id, { cancel_at: TURN });
  expect(await told()).toMatchSnapshot("asked");
  await advance(stripe, clock, TURN);
  expect(await told()).toMatchSnapshot("come");
});

test("incomplete and expired", async () => {
  const { customer, clock } = await createPayer(stripe, { at: START, card: "pm_card_chargeCustomerFail" });
  await told();
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }] });
  expect(await told()).toMatchSnapshot("declined");
  await advance(stripe, clock!.id, START + 23 * HOUR);
  expect(await told()).toMatchSnapshot("23 hours later");
});

test("a trial and its end", async () => {
  const { clock } = await subscribed({ trial_period_days: 14 });
  expect((await told()).slice(-4)).toMatchSnapshot("its start");
  await advance(stripe, clock, START + 14 * DAY + HOUR);
  expect(await told()).toMatchSnapshot("its end");
});

test("refund and dispute", async () => {
  const { customer } = await subscribed();
  const [charge] = (await stripe.charges.list({ customer })).data;
  await told();
  await stripe.refunds.create({ charge: charge!.id, amount: 100 });
  const dispute = world.sandbox.control.dispute(charge!.id);
  world.sandbox.control.closeDispute(dispute.id, "won");
  expect(await told()).toMatchSnapshot();
});

test("items join and leave", async () => {
  const { id } = await subscribed();
  await told();
  const added = await stripe.subscriptionItems.create({ subscription: id, price: shop.team.id, quantity: 2 });
  expect(await stripe.subscriptionItems.retrieve(added.id)).toMatchObject({ quantity: 2, subscription: id });
  await stripe.subscriptionItems.update(added.id, { quantity: 1, proration_behavior: "none" });
  expect(await stripe.subscriptionItems.del(added.id)).toMatchObject({ deleted: true });
  expect((await stripe.subscriptionItems.list({ subscription: id })).data).toHaveLength(1);
  expect(await told()).toMatchSnapshot();
});

test("a customer deleted with a running subscription", async () => {
  const { customer } = await subscribed();
  await told();
  await stripe.customers.del(customer);
  expect(await told()).toMatchSnapshot();
});
