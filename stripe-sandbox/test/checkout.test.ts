import { afterEach, beforeEach, expect, test } from "vitest";
import { createShop, createWorld, type Shop, type World } from "./world.ts";

let world: World;
let shop: Shop;

beforeEach(async () => {
  world = await createWorld();
  shop = await createShop(world.stripe);
});
afterEach(() => world.close());

const card = (number: string) => new URLSearchParams({ number, expiry: "12 / 34", cvc: "123", name: "Ada Example" });
const press = (url: string, body: URLSearchParams) => fetch(url, { method: "POST", body, redirect: "manual" });

async function open(fields: object = {}) {
  const customer = await world.stripe.customers.create({ email: "ada@example.com" });
  const session = await world.stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    client_reference_id: "workspace-1",
    line_items: [{ price: shop.pro.id, quantity: 1 }],
    success_url: "https://app.example/done?session={CHECKOUT_SESSION_ID}",
    cancel_url: "https://app.example/pricing",
    subscription_data: { metadata: { workspace: "1" } },
    ...fields,
  });
  await world.types();
  return { customer, session };
}

test("a card is charged, the subscription is active, and the events come as Stripe sends them", async () => {
  const { customer, session } = await open();
  expect(session).toMatchObject({ status: "open", payment_status: "unpaid", amount_total: 2900, currency: "usd" });
  const answer = await press(session.url!, card("4242 4242 4242 4242"));
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe(`https://app.example/done?session=${session.id}`);
  expect(await world.types()).toEqual([
    "charge.succeeded",
    "payment_method.attached",
    "checkout.session.completed",
    "customer.updated",
    "customer.subscription.created",
    "payment_intent.succeeded",
    "payment_intent.created",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
  ]);
  const done = await world.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["line_items", "subscription.latest_invoice.payments", "customer"],
  });
  expect(done).toMatchObject({
    status: "complete",
    payment_status: "paid",
    url: null,
    client_reference_id: "workspace-1",
  });
  expect(done.line_items?.data[0]).toMatchObject({ amount_total: 2900, price: { id: shop.pro.id } });
  expect(done.customer).toMatchObject({ id: customer.id, currency: "usd" });
  expect(done.subscription).toMatchObject({
    status: "active",
    metadata: { workspace: "1" },
    latest_invoice: {
      status: "paid",
      billing_reason: "subscription_create",
      payments: { data: [{ status: "paid", amount_paid: 2900, payment: { type: "payment_intent" } }] },
    },
  });
  expect((await press(session.url!, card("4242424242424242"))).status).toBe(200);
  expect((await world.stripe.subscriptions.list({ customer: customer.id })).data).toHaveLength(1);
});

test.each([
  ["4000000000000002", "Your card was declined."],
  ["4000000000009995", "Your card has insufficient funds."],
  ["4000000000000341", "Your card was declined."],
  ["4000000000000069", "Your card has expired."],
  ["4242424242424241", "Your card number is incorrect."],
  ["4111111111111111", "Your card was declined. Your request was in test mode, but used a non test card."],
])("the card %s is refused on the page, and the session stays open", async (number, words) => {
  const { customer, session } = await open();
  const answer = await press(session.url!, card(number));
  expect(answer.status).toBe(200);
  expect((await answer.text()).replaceAll("&#39;", "'")).toContain(words);
  expect((await world.stripe.subscriptions.list({ customer: customer.id, status: "all" })).data).toEqual([]);
  expect(await world.types()).not.toContain("checkout.session.completed");
  expect((await press(session.url!, card("4242424242424242"))).status).toBe(303);
});

test("3-D Secure is asked for, may fail, and completes", async () => {
  const { session } = await open();
  const asked = await press(session.url!, card("4000002500003155"));
  const question = new URL(asked.headers.get("location")!, session.url!).href;
  expect(await (await fetch(question)).text()).toContain("3-D Secure");
  expect(await (await press(question, new URLSearchParams({ answer: "fail" }))).text()).toContain(
    "unable to authenticate",
  );
  await press(session.url!, card("4000002500003155"));
  const done = await press(question, new URLSearchParams({ answer: "complete" }));
  expect(done.headers.get("location")).toContain(session.id);
  const charges = await world.stripe.charges.list();
  expect(charges.data.map((charge) => charge.status)).toEqual(["succeeded"]);
});

test("a promotion code lowers the first invoice, and a wrong one is said to be so", async () => {
  const coupon = await world.stripe.coupons.create({ percent_off: 50, duration: "once" });
  const code = await world.stripe.promotionCodes.create({
    promotion: { type: "coupon", coupon: coupon.id },
    code: "HALF",
  });
  const { session } = await open({ allow_promotion_codes: true });
  const wrong = await press(`${session.url}/code`, new URLSearchParams({ code: "NOPE" }));
  expect(await wrong.text()).toContain("This code is invalid.");
  await press(`${session.url}/code`, new URLSearchParams({ code: "half" }));
  expect((await world.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(1450);
  await press(session.url!, card("4242424242424242"));
  const done = await world.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["invoice", "subscription.discounts"],
  });
  expect(done.invoice).toMatchObject({ amount_paid: 1450, subtotal: 2900, total: 1450 });
  expect(done.subscription).toMatchObject({ discounts: [{ promotion_code: code.id }] });
  expect((await world.stripe.promotionCodes.retrieve(code.id)).times_redeemed).toBe(1);
});

test("a trial takes a card but no money", async () => {
  const { session } = await open({ subscription_data: { trial_period_days: 14 } });
  expect(session.amount_total).toBe(0);
  await press(session.url!, card("4242424242424242"));
  const done = await world.stripe.checkout.sessions.retrieve(session.id, { expand: ["subscription"] });
  expect(done).toMatchObject({ payment_status: "no_payment_required", subscription: { status: "trialing" } });
  expect((await world.stripe.charges.list()).data).toEqual([]);
});

test("a session expires when asked to, and by itself after a day", async () => {
  const first = await open();
  expect(await world.stripe.checkout.sessions.expire(first.session.id)).toMatchObject({ status: "expired", url: null });
  expect(await world.types()).toEqual(["checkout.session.expired"]);
  expect((await press(first.session.url!, card("4242424242424242"))).status).toBe(410);
  await expect(world.stripe.checkout.sessions.expire(first.session.id)).rejects.toThrow(/status in \["open"\]/);
  const second = await open();
  world.sandbox.control.turnClock(86_400);
  expect((await world.stripe.checkout.sessions.retrieve(second.session.id)).status).toBe("expired");
});

test("without a customer, the page asks for an e-mail and one is made", async () => {
  const session = await world.stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: shop.team.id, quantity: 2 }],
    success_url: "https://app.example/done",
  });
  const fields = card("4242424242424242");
  fields.set("email", "new@example.com");
  await press(session.url!, fields);
  const done = await world.stripe.checkout.sessions.retrieve(session.id, { expand: ["customer"] });
  expect(done).toMatchObject({ amount_total: 15_800, customer: { email: "new@example.com" } });
});

test("the page escapes what is put into it and refuses other sites", async () => {
  const product = await world.stripe.products.create({ name: "<script>alert(1)</script>" });
  const price = await world.stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 100,
    recurring: { interval: "month" },
  });
  const { session } = await open({ line_items: [{ price: price.id, quantity: 1 }] });
  const page = await (await fetch(session.url!)).text();
  expect(page).not.toContain("<script>");
  const foreign = await fetch(session.url!, {
    method: "POST",
    body: card("4242424242424242"),
    headers: { Origin: "https://evil.example" },
    redirect: "manual",
  });
  expect(foreign.status).toBe(403);
});
