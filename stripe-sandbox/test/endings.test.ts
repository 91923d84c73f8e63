// Cancellations, trials, years and clocks.
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { advance, createPayer, createShop, createWorld, DAY, HOUR, utc, type Shop, type World } from "./world.ts";

let world: World;
let shop: Shop;
let stripe: Stripe;
const START = utc("2026-01-31T12:00:00");

beforeEach(async () => {
  world = await createWorld();
  stripe = world.stripe;
  shop = await createShop(stripe);
});
afterEach(() => world.close());

async function subscribed(fields: Partial<Stripe.SubscriptionCreateParams> = {}, card = "pm_card_visa") {
  const { customer, clock } = await createPayer(stripe, { card, at: START });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: shop.pro.id }],
    ...fields,
  });
  await world.types();
  return { customer, clock: clock!.id, id: subscription.id, subscription };
}
const status = async (id: string) => (await stripe.subscriptions.retrieve(id)).status;
const invoicesOf = async (id: string) => (await stripe.invoices.list({ subscription: id })).data;
const clockEvent = (type: string) => !type.startsWith("test_helpers.");

test("cancel at period end, undo, cancel again: it ends on the day, without a bill", async () => {
  const { id, clock } = await subscribed();
  const end = utc("2026-02-28T12:00:00");
  const asked = await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(asked).toMatchObject({ status: "active", cancel_at: end, cancel_at_period_end: true, canceled_at: START });
  expect(await stripe.subscriptions.update(id, { cancel_at_period_end: false })).toMatchObject({
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
  });
  await stripe.subscriptions.update(id, { cancel_at: end });
  await world.types();
  await advance(stripe, clock, end);
  expect((await world.types()).filter(clockEvent)).toEqual(["customer.subscription.deleted"]);
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: "canceled", ended_at: end });
  expect(await invoicesOf(id)).toHaveLength(1);
  await expect(stripe.subscriptions.update(id, { cancel_at: end + DAY })).rejects.toThrow(/canceled subscription/);
});

test("cancel now: deleted at once; the list hides it unless asked", async () => {
  const { id, customer } = await subscribed();
  expect(await stripe.subscriptions.cancel(id)).toMatchObject({ status: "canceled", ended_at: START });
  expect(await world.types()).toEqual(["customer.subscription.deleted"]);
  expect((await stripe.subscriptions.list({ customer: customer.id })).data).toEqual([]);
  expect((await stripe.subscriptions.list({ customer: customer.id, status: "all" })).data).toHaveLength(1);
  await expect(stripe.subscriptions.cancel(id)).rejects.toMatchObject({ statusCode: 404 });
});

test("a trial: nothing to pay, a word three days before its end, then the first real invoice", async () => {
  const { id, clock } = await subscribed({ trial_period_days: 14 });
  const end = START + 14 * DAY;
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: "trialing", trial_end: end });
  expect((await invoicesOf(id))[0]).toMatchObject({ total: 0, status: "paid" });
  await advance(stripe, clock, end - 3 * DAY);
  expect((await world.types()).filter(clockEvent)).toEqual(["customer.subscription.trial_will_end"]);
  await advance(stripe, clock, end + HOUR);
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: "active", billing_cycle_anchor: end });
  expect((await invoicesOf(id))[0]).toMatchObject({ total: 2900, status: "paid" });
});

test("a trial without a card ends as it was told to", async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: START });
  const customer = await stripe.customers.create({ test_clock: clock.id });
  const start = (missing: "cancel" | "pause") =>
    stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.pro.id }],
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: missing } },
    });
  const [canceled, paused] = [await start("cancel"), await start("pause")];
  await advance(stripe, clock.id, START + 7 * DAY);
  expect(await status(canceled.id)).toBe("canceled");
  expect(await status(paused.id)).toBe("paused");
  expect(await world.types()).toContain("customer.subscription.paused");
});

test("an annual price renews after a year", async () => {
  const { id, clock } = await subscribed({ items: [{ price: shop.proYear.id }] });
  expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.current_period_end).toBe(utc("2027-01-31T12:00:00"));
  await advance(stripe, clock, utc("2027-01-31T13:00:00"));
  expect((await invoicesOf(id)).map((row) => row.total)).toEqual([29_000, 29_000]);
});

test("the sandbox's own clock: a year passes in one turn", async () => {
  const { customer } = await createPayer(stripe);
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }] });
  world.sandbox.control.turnClock(366 * DAY);
  expect(await status(made.id)).toBe("active");
  const invoices = await stripe.invoices.list({ subscription: made.id, limit: 100 });
  expect(invoices.data).toHaveLength(13);
  const created = invoices.data.map((row) => row.created);
  expect(created).toEqual(created.toSorted((one, other) => other - one));
  expect(invoices.data.every((row) => row.status === "paid")).toBe(true);
});

test("a clock goes forward only, and not too far at once", async () => {
  const { clock } = await subscribed();
  await expect(stripe.testHelpers.testClocks.advance(clock, { frozen_time: START })).rejects.toThrow(/later/);
  await expect(stripe.testHelpers.testClocks.advance(clock, { frozen_time: START + 100 * DAY })).rejects.toThrow(
    /too far/,
  );
});

test("a deleted customer's drafts do not stop the clock", async () => {
  const customer = await stripe.customers.create({});
  await stripe.invoiceItems.create({ customer: customer.id, amount: 100, currency: "usd" });
  await stripe.invoices.create({
    customer: customer.id,
    auto_advance: true,
    pending_invoice_items_behavior: "include",
  });
  await stripe.customers.del(customer.id);
  const other = await createPayer(stripe);
  const made = await stripe.subscriptions.create({ customer: other.customer.id, items: [{ price: shop.pro.id }] });
  world.sandbox.control.turnClock(32 * DAY);
  expect((await stripe.invoices.list({ subscription: made.id })).data).toHaveLength(2);
});

test("lists show what is on a test clock only when it is asked for", async () => {
  const { customer, clock, id } = await subscribed();
  const ids = async (params: Stripe.SubscriptionListParams) =>
    (await stripe.subscriptions.list(params)).data.map((row) => row.id);
  expect(await ids({})).toEqual([]);
  expect(await ids({ test_clock: clock })).toEqual([id]);
  expect(await ids({ customer: customer.id })).toEqual([id]);
  expect((await stripe.customers.list()).data).toEqual([]);
  expect((await stripe.customers.list({ test_clock: clock })).data).toHaveLength(1);
  await stripe.testHelpers.testClocks.del(clock);
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
});

test("deleting a customer ends the subscription", async () => {
  const { id, customer } = await subscribed();
  await stripe.customers.del(customer.id);
  expect(await world.types()).toEqual(["customer.subscription.deleted", "customer.deleted"]);
  expect(await status(id)).toBe("canceled");
});
