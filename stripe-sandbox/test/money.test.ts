// Refunds, disputes, invoices and payments made by hand.
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { advance, createPayer, createShop, createWorld, HOUR, utc, type Shop, type World } from "./world.ts";

let world: World;
let shop: Shop;
let stripe: Stripe;

beforeEach(async () => {
  world = await createWorld();
  stripe = world.stripe;
  shop = await createShop(stripe);
});
afterEach(() => world.close());

async function paid(card = "pm_card_visa") {
  const { customer } = await createPayer(stripe, { card });
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }] });
  const [charge] = (await stripe.charges.list({ customer: customer.id })).data;
  await world.types();
  return { customer, charge: charge! };
}

test("a refund in two parts, and not a cent more", async () => {
  const { charge } = await paid();
  const refund = await stripe.refunds.create({ charge: charge.id, amount: 900, reason: "requested_by_customer" });
  expect(refund).toMatchObject({ amount: 900, status: "succeeded", charge: charge.id });
  expect(await world.types()).toEqual(["refund.created", "charge.refunded"]);
  await expect(stripe.refunds.create({ charge: charge.id, amount: 2001 })).rejects.toThrow(/greater than unrefunded/);
  await stripe.refunds.create({ payment_intent: charge.payment_intent as string });
  expect(await stripe.charges.retrieve(charge.id, { expand: ["refunds"] })).toMatchObject({
    refunded: true,
    amount_refunded: 2900,
    refunds: { data: [{ amount: 2000 }, { amount: 900 }] },
  });
  await expect(stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({ code: "charge_already_refunded" });
});

test("the dispute card is disputed at once; the bank decides", async () => {
  const { charge } = await paid("pm_card_createDispute");
  const [dispute] = (await stripe.disputes.list({ charge: charge.id })).data;
  expect(dispute).toMatchObject({ status: "needs_response", amount: 2900, reason: "fraudulent" });
  expect((await stripe.charges.retrieve(charge.id)).disputed).toBe(true);
  await expect(stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({ code: "charge_disputed" });
  expect(await stripe.disputes.close(dispute!.id)).toMatchObject({ status: "lost" });
  expect(await world.types()).toEqual(["charge.dispute.closed"]);
  await expect(stripe.disputes.close(dispute!.id)).rejects.toThrow(/already closed/);
});

test("a dispute from the control page", async () => {
  const { charge } = await paid();
  const dispute = world.sandbox.control.dispute(charge.id);
  expect(await world.types()).toEqual(["charge.dispute.created"]);
  world.sandbox.control.closeDispute(dispute.id, "won");
  expect(await world.types()).toEqual(["charge.dispute.closed"]);
});

test("an invoice by hand: items, draft, finalize, pay, void", async () => {
  const { customer } = await createPayer(stripe);
  await stripe.invoiceItems.create({ customer: customer.id, amount: 500, currency: "usd", description: "Setup" });
  const draft = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: "include" });
  expect(draft).toMatchObject({ status: "draft", total: 500, number: null, billing_reason: "manual" });
  const open = await stripe.invoices.finalizeInvoice(draft.id);
  expect(open).toMatchObject({ status: "open", amount_due: 500 });
  expect(open.number).toMatch(/^[0-9A-Z]{8}-0001$/);
  expect(await stripe.invoices.pay(open.id)).toMatchObject({ status: "paid", amount_paid: 500 });
  await stripe.invoiceItems.create({ customer: customer.id, amount: 700, currency: "usd" });
  const second = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: "include" });
  await stripe.invoices.finalizeInvoice(second.id);
  expect(await stripe.invoices.voidInvoice(second.id)).toMatchObject({ status: "void" });
  await expect(stripe.invoices.voidInvoice(open.id)).rejects.toThrow(/only void open/);
  const payments = await stripe.invoicePayments.list({ invoice: open.id });
  expect(payments.data).toMatchObject([{ status: "paid", amount_paid: 500 }]);
});

test("the hosted invoice page pays an open invoice, also through 3-D Secure, and the printable one is there", async () => {
  const at = utc("2026-01-01T00:00:00");
  const { customer, clock } = await createPayer(stripe, { at });
  const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }] });
  world.sandbox.control.failPayments({ customer: customer.id });
  await advance(stripe, clock!.id, utc("2026-02-01T00:00:00") + HOUR);
  const [open] = (await stripe.invoices.list({ subscription: made.id, status: "open" })).data;
  const page = open!.hosted_invoice_url!;
  expect(await (await fetch(page)).text()).toContain("Pay $29.00");
  const press = (url: string, fields: Record<string, string>) =>
    fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  const card = { expiry: "01/35", cvc: "123", name: "Ada" };
  const declined = await press(page, { ...card, number: "4000000000000341" });
  expect(await declined.text()).toContain("Your card was declined.");
  const asked = await press(page, { ...card, number: "4000002500003155" });
  const done = await press(new URL(asked.headers.get("location")!, page).href, { answer: "complete" });
  expect(done.status).toBe(303);
  expect(await (await fetch(page)).text()).toContain("Invoice paid");
  expect((await stripe.subscriptions.retrieve(made.id)).status).toBe("active");
  expect(await (await fetch(open!.invoice_pdf!)).text()).toContain(open!.number!);
});

test("payment intents by API: confirmed, declined, authenticated, cancelled", async () => {
  const base = { amount: 1000, currency: "usd" };
  expect(await stripe.paymentIntents.create({ ...base, confirm: true, payment_method: "pm_card_visa" })).toMatchObject({
    status: "succeeded",
    amount_received: 1000,
  });
  await expect(
    stripe.paymentIntents.create({ ...base, confirm: true, payment_method: "pm_card_visa_chargeDeclined" }),
  ).rejects.toMatchObject({
    type: "StripeCardError",
    decline_code: "generic_decline",
    payment_intent: { status: "requires_payment_method" },
  });
  const waiting = await stripe.paymentIntents.create({
    ...base,
    confirm: true,
    payment_method: "pm_card_authenticationRequired",
  });
  expect(waiting.status).toBe("requires_action");
  expect(await stripe.paymentIntents.cancel(waiting.id)).toMatchObject({ status: "canceled" });
  await expect(stripe.paymentIntents.confirm(waiting.id)).rejects.toMatchObject({
    code: "payment_intent_unexpected_state",
  });
  await expect(stripe.paymentIntents.create({ amount: 1, currency: "usd" })).rejects.toMatchObject({
    code: "amount_too_small",
  });
});

test("payment methods: made, attached once, described, detached", async () => {
  const customer = await stripe.customers.create({});
  const made = await stripe.paymentMethods.create({
    type: "card",
    card: { number: "5555555555554444", exp_month: 1, exp_year: 2040, cvc: "123" },
    billing_details: { name: "Ada" },
  });
  expect(made.card).toMatchObject({ brand: "mastercard", last4: "4444" });
  await stripe.paymentMethods.attach(made.id, { customer: customer.id });
  const other = await stripe.customers.create({});
  await expect(stripe.paymentMethods.attach(made.id, { customer: other.id })).rejects.toThrow(/already been attached/);
  await expect(
    stripe.customers.update(other.id, { invoice_settings: { default_payment_method: made.id } }),
  ).rejects.toThrow(/No such/);
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: made.id } });
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
  await stripe.paymentMethods.update(made.id, { billing_details: { name: "Ada L." } });
  expect((await stripe.paymentMethods.detach(made.id)).customer).toBeNull();
  expect(
    ((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).invoice_settings.default_payment_method,
  ).toBeNull();
});
