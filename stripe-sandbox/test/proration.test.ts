// How prorations come onto invoices. Their amounts are in prorated-amounts.test.ts.
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advance, createPayer, createWorld, HOUR, utc, type World } from "./world.ts";

let world: World;
let stripe: Stripe;

beforeAll(async () => {
  world = await createWorld();
  stripe = world.stripe;
});
afterAll(() => world.close());

async function price(amount: number, interval: "month" | "year" = "month"): Promise<string> {
  const { id } = await stripe.prices.create({
    currency: "usd",
    unit_amount: amount,
    recurring: { interval },
    product_data: { name: `Plan ${amount}` },
  });
  return id;
}

async function started(amount: number, start: string, interval: "month" | "year" = "month", quantity = 1) {
  const { customer, clock } = await createPayer(stripe, { at: utc(start) });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: await price(amount, interval), quantity }],
  });
  await world.types();
  return { customer: customer.id, clock: clock!.id, id: subscription.id, item: subscription.items.data[0]!.id };
}

test("create_prorations waits for the renewal, which takes both lines", async () => {
  const { clock, id, item } = await started(1000, "2026-04-01T00:00:00");
  await advance(stripe, clock, utc("2026-04-16T00:00:00"));
  await stripe.subscriptions.update(id, { items: [{ id: item, price: await price(2000) }] });
  await advance(stripe, clock, utc("2026-05-01T01:00:00"));
  const [invoice] = (await stripe.invoices.list({ subscription: id })).data;
  expect(invoice).toMatchObject({ total: 2500, status: "paid" });
  expect(invoice!.lines.data.map((line) => line.amount)).toEqual([-500, 1000, 2000]);
  expect(invoice!.lines.data[0]?.description).toMatch(/^Unused time on Plan 1000 after 16 Apr 2026$/);
  expect(invoice!.lines.data[1]?.description).toMatch(/^Remaining time on Plan 2000 after 16 Apr 2026$/);
});

test("always_invoice bills the difference now", async () => {
  const { clock, id, item } = await started(1000, "2026-04-01T00:00:00");
  await advance(stripe, clock, utc("2026-04-16T00:00:00"));
  await world.types();
  const next = await price(2000);
  await world.types();
  const updated = await stripe.subscriptions.update(id, {
    items: [{ id: item, price: next }],
    proration_behavior: "always_invoice",
    expand: ["latest_invoice"],
  });
  expect(updated.latest_invoice).toMatchObject({ total: 500, status: "paid", billing_reason: "subscription_update" });
  expect(await world.types()).toEqual([
    "customer.subscription.updated",
    "invoiceitem.created",
    "invoiceitem.created",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
  ]);
});

test("always_invoice downwards leaves the rest as the customer's balance, which the renewal uses up", async () => {
  const { clock, id, item, customer } = await started(7900, "2026-06-01T00:00:00");
  await advance(stripe, clock, utc("2026-06-16T00:00:00"));
  await stripe.subscriptions.update(id, {
    items: [{ id: item, price: await price(2900) }],
    proration_behavior: "always_invoice",
  });
  expect(((await stripe.customers.retrieve(customer)) as Stripe.Customer).balance).toBe(-2500);
  await advance(stripe, clock, utc("2026-07-01T01:00:00"));
  const [invoice] = (await stripe.invoices.list({ subscription: id })).data;
  expect(invoice).toMatchObject({ total: 2900, starting_balance: -2500, ending_balance: 0, amount_paid: 400 });
  expect(((await stripe.customers.retrieve(customer)) as Stripe.Customer).balance).toBe(0);
});

test("none changes the plan and no money", async () => {
  const { clock, id, item, customer } = await started(1000, "2026-04-01T00:00:00");
  await advance(stripe, clock, utc("2026-04-16T00:00:00"));
  await stripe.subscriptions.update(id, {
    items: [{ id: item, price: await price(2000) }],
    proration_behavior: "none",
  });
  expect((await stripe.invoiceItems.list({ customer })).data).toEqual([]);
  expect((await stripe.invoices.createPreview({ subscription: id })).total).toBe(2000);
});

test("month to year starts a new period now: the rest of the month is credited, the year is billed", async () => {
  const { clock, id, item } = await started(3000, "2026-04-01T00:00:00");
  const moment = utc("2026-04-16T00:00:00");
  await advance(stripe, clock, moment);
  const updated = await stripe.subscriptions.update(id, {
    items: [{ id: item, price: await price(30_000, "year") }],
    expand: ["latest_invoice"],
  });
  expect(updated.billing_cycle_anchor).toBe(moment);
  expect(updated.items.data[0]).toMatchObject({
    current_period_start: moment,
    current_period_end: utc("2027-04-16T00:00:00"),
  });
  expect(updated.latest_invoice).toMatchObject({ total: 30_000 - 1500, status: "paid" });
});

test("quantities are prorated like prices, and items that join pay their share", async () => {
  const { clock, id, item, customer } = await started(1000, "2026-04-01T00:00:00", "month", 2);
  await advance(stripe, clock, utc("2026-04-16T00:00:00"));
  await stripe.subscriptions.update(id, { items: [{ id: item, quantity: 5 }, { price: await price(600) }] });
  const pending = await stripe.invoiceItems.list({ customer, pending: true });
  expect(pending.data.map((row) => row.amount)).toEqual([300, 2500, -1000]);
  await stripe.subscriptions.update(id, { items: [{ id: item, deleted: true }] });
  const after = await stripe.subscriptions.retrieve(id);
  expect(after.items.data).toHaveLength(1);
});

test("a proration date fixes the amount that was shown", async () => {
  const { clock, id, item } = await started(1000, "2026-04-01T00:00:00");
  const date = utc("2026-04-16T00:00:00");
  await advance(stripe, clock, date + 10 * HOUR);
  const asked = {
    items: [{ id: item, price: await price(2000) }],
    proration_date: date,
    proration_behavior: "always_invoice" as const,
  };
  const preview = await stripe.invoices.createPreview({ subscription: id, subscription_details: asked });
  expect(preview).toMatchObject({ total: 500, billing_reason: "subscription_update", status: "draft" });
  const { latest_invoice: invoice } = await stripe.subscriptions.update(id, { ...asked, expand: ["latest_invoice"] });
  expect(invoice).toMatchObject({ total: 500 });
});

test("a switch that can't be paid for is refused whole", async () => {
  const { clock, id, item, customer } = await started(1000, "2026-04-01T00:00:00");
  await advance(stripe, clock, utc("2026-04-16T00:00:00"));
  world.sandbox.control.failPayments({ customer });
  const asked = { items: [{ id: item, price: await price(2000) }], proration_behavior: "always_invoice" as const };
  await expect(
    stripe.subscriptions.update(id, { ...asked, payment_behavior: "error_if_incomplete" }),
  ).rejects.toMatchObject({ statusCode: 402, code: "card_declined" });
  world.sandbox.control.failPayments({ times: 0 });
  expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.price.unit_amount).toBe(1000);
  expect((await stripe.invoiceItems.list({ customer })).data).toEqual([]);
  expect(await stripe.subscriptions.update(id, asked)).toMatchObject({ status: "active" });
});

test("cancelling now with prorate and invoice_now gives back what was not used", async () => {
  const { clock, id, customer } = await started(1000, "2026-04-01T00:00:00");
  await advance(stripe, clock, utc("2026-04-16T00:00:00"));
  await stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true });
  expect(((await stripe.customers.retrieve(customer)) as Stripe.Customer).balance).toBe(-500);
});

test("during a trial a switch costs nothing, and ending the trial bills at once", async () => {
  const { customer } = await createPayer(stripe, { at: utc("2026-04-01T00:00:00") });
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: await price(1000) }],
    trial_period_days: 14,
  });
  await stripe.subscriptions.update(made.id, { items: [{ id: made.items.data[0]!.id, price: await price(2000) }] });
  expect((await stripe.invoiceItems.list({ customer: customer.id })).data).toEqual([]);
  const ended = await stripe.subscriptions.update(made.id, { trial_end: "now", expand: ["latest_invoice"] });
  expect(ended).toMatchObject({ status: "active", latest_invoice: { total: 2000, status: "paid" } });
});

test("the next invoice is foretold to the cent, and there is none after a cancellation", async () => {
  const { clock, id } = await started(1000, "2026-04-01T00:00:00");
  const preview = await stripe.invoices.createPreview({ subscription: id });
  expect(preview).toMatchObject({ total: 1000, created: utc("2026-05-01T00:00:00"), billing_reason: "upcoming" });
  expect(preview.id).toMatch(/^upcoming_in_/);
  expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1);
  await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  await expect(stripe.invoices.createPreview({ subscription: id })).rejects.toMatchObject({
    statusCode: 404,
    code: "invoice_upcoming_none",
  });
  await advance(stripe, clock, utc("2026-05-02T00:00:00"));
  expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1);
});
