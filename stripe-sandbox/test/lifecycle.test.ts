// Payments of a subscription over time, by test clocks.
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

test("created by API: incomplete first, then active, with its first invoice paid", async () => {
  const { customer } = await createPayer(stripe, { at: START });
  await world.types();
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }] });
  expect(made).toMatchObject({ status: "active", start_date: START, billing_mode: { type: "flexible" } });
  expect(made.items.data[0]).toMatchObject({
    current_period_start: START,
    current_period_end: utc("2026-02-28T12:00:00"),
  });
  expect(await world.types()).toEqual([
    "customer.subscription.created",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
    "customer.subscription.updated",
  ]);
});

test("renewal: a draft at the turn of the period, finalized and paid an hour later", async () => {
  const { id, clock } = await subscribed();
  const turn = utc("2026-02-28T12:00:00");
  await advance(stripe, clock, turn);
  expect((await world.types()).filter(clockEvent)).toEqual(["invoice.created", "customer.subscription.updated"]);
  const [draft] = await invoicesOf(id);
  expect(draft).toMatchObject({
    status: "draft",
    billing_reason: "subscription_cycle",
    automatically_finalizes_at: turn + HOUR,
  });
  const after = await stripe.subscriptions.retrieve(id);
  expect(after).toMatchObject({ status: "active", latest_invoice: draft!.id });
  expect(after.items.data[0]).toMatchObject({
    current_period_start: turn,
    current_period_end: utc("2026-03-31T12:00:00"),
  });
  await advance(stripe, clock, turn + HOUR);
  expect((await world.types()).filter(clockEvent)).toEqual([
    "invoice.finalized",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
  ]);
  expect(await stripe.invoices.retrieve(draft!.id)).toMatchObject({
    status: "paid",
    amount_paid: 2900,
    attempt_count: 1,
  });
});

test("a failing renewal is retried eight times in two weeks, then the subscription ends", async () => {
  const { id, clock, customer } = await subscribed();
  const bad = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: bad.id } });
  await world.types();
  const turn = utc("2026-02-28T12:00:00");
  await advance(stripe, clock, turn + HOUR);
  expect((await world.types()).filter(clockEvent)).toEqual([
    "invoice.created",
    "customer.subscription.updated",
    "invoice.finalized",
    "payment_intent.created",
    "charge.failed",
    "payment_intent.payment_failed",
    "invoice.payment_failed",
    "customer.subscription.updated",
  ]);
  expect(await status(id)).toBe("past_due");
  const failed = world.delivered.findLast((event) => event.type === "customer.subscription.updated");
  expect(failed?.data.previous_attributes).toEqual({ status: "active" });
  const [invoice] = await invoicesOf(id);
  expect(invoice).toMatchObject({ status: "open", attempt_count: 1, next_payment_attempt: turn + HOUR + DAY });
  await advance(stripe, clock, turn + HOUR + 13 * DAY);
  expect(await status(id)).toBe("past_due");
  await world.types();
  await advance(stripe, clock, turn + HOUR + 14 * DAY);
  expect((await world.types()).filter(clockEvent)).toEqual([
    "charge.failed",
    "payment_intent.payment_failed",
    "invoice.payment_failed",
    "customer.subscription.deleted",
  ]);
  const ended = await stripe.subscriptions.retrieve(id);
  expect(ended).toMatchObject({ status: "canceled", cancellation_details: { reason: "payment_failed" } });
  expect(await stripe.invoices.retrieve(invoice!.id)).toMatchObject({
    status: "open",
    attempt_count: 9,
    next_payment_attempt: null,
  });
});

test("a new card recovers a past due subscription at the next retry", async () => {
  const { id, clock, customer } = await subscribed();
  world.sandbox.control.failPayments({ customer: customer.id, times: 1 });
  const turn = utc("2026-02-28T12:00:00") + HOUR;
  await advance(stripe, clock, turn);
  expect(await status(id)).toBe("past_due");
  await advance(stripe, clock, turn + DAY);
  expect(await status(id)).toBe("active");
  expect((await invoicesOf(id))[0]).toMatchObject({ status: "paid", attempt_count: 2 });
});

test("paying the open invoice by hand recovers it at once; a declined card is a 402 that leaves its charge", async () => {
  const { id, clock, customer } = await subscribed();
  world.sandbox.control.failPayments({ customer: customer.id, times: 1 });
  await advance(stripe, clock, utc("2026-02-28T13:00:00"));
  const [invoice] = await invoicesOf(id);
  const bad = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: customer.id });
  await expect(stripe.invoices.pay(invoice!.id, { payment_method: bad.id })).rejects.toMatchObject({
    type: "StripeCardError",
    statusCode: 402,
    code: "card_declined",
  });
  expect((await stripe.charges.list({ customer: customer.id })).data[0]).toMatchObject({ status: "failed" });
  expect(await stripe.invoices.pay(invoice!.id)).toMatchObject({ status: "paid" });
  expect(await status(id)).toBe("active");
  await expect(stripe.invoices.pay(invoice!.id)).rejects.toThrow(/already paid/);
});

test("a first payment that never comes: incomplete, and expired after 23 hours", async () => {
  const { customer, clock } = await createPayer(stripe, { at: START, card: "pm_card_chargeCustomerFail" });
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }] });
  expect(made.status).toBe("incomplete");
  await advance(stripe, clock!.id, START + 23 * HOUR - 1);
  expect(await status(made.id)).toBe("incomplete");
  await advance(stripe, clock!.id, START + 23 * HOUR);
  expect(await status(made.id)).toBe("incomplete_expired");
  expect((await invoicesOf(made.id))[0]?.status).toBe("void");
  await expect(
    stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.pro.id }],
      payment_behavior: "error_if_incomplete",
    }),
  ).rejects.toMatchObject({ statusCode: 402, code: "card_declined" });
  expect((await stripe.subscriptions.list({ customer: customer.id, status: "all" })).data).toHaveLength(1);
});

test("default_incomplete waits for its payment, which makes it active", async () => {
  const { customer } = await createPayer(stripe);
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: shop.pro.id }],
    payment_behavior: "default_incomplete",
  });
  expect(made.status).toBe("incomplete");
  await stripe.invoices.pay(made.latest_invoice as string);
  expect(await status(made.id)).toBe("active");
});

test("a card that needs authentication each time can't renew by itself", async () => {
  const { id, clock, customer } = await subscribed();
  const asking = await stripe.paymentMethods.attach("pm_card_authenticationRequired", { customer: customer.id });
  await stripe.subscriptions.update(id, { default_payment_method: asking.id });
  await advance(stripe, clock, utc("2026-02-28T13:00:00"));
  expect(await status(id)).toBe("past_due");
  expect((await stripe.charges.list({ customer: customer.id })).data[0]?.failure_code).toBe("authentication_required");
});
