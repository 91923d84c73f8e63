// The billing portal, by its pages' own links and forms.
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPayer, createShop, createWorld, type Shop, type World } from "./world.ts";

let world: World;
let shop: Shop;
let stripe: Stripe;
let customer: Stripe.Customer;
let subscription: Stripe.Subscription;
let end: number;

beforeEach(async () => {
  world = await createWorld();
  stripe = world.stripe;
  shop = await createShop(stripe);
  ({ customer } = await createPayer(stripe));
  subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }] });
  end = subscription.items.data[0]!.current_period_end;
  await configure();
  await world.types();
});
afterEach(() => world.close());

const configure = (behavior: "always_invoice" | "create_prorations" | "none" = "always_invoice") =>
  stripe.billingPortal.configurations.create({
    business_profile: { headline: "Teach Charlie" },
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: {
        enabled: true,
        mode: "at_period_end",
        cancellation_reason: { enabled: true, options: ["unused", "other"] },
      },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        proration_behavior: behavior,
        products: [
          { product: shop.product.id, prices: [shop.pro.id, shop.proYear.id] },
          { product: shop.team.product as string, prices: [shop.team.id] },
        ],
      },
    },
  });

const visit = (flow?: Stripe.BillingPortal.SessionCreateParams.FlowData) =>
  stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: "https://app.example/billing",
    ...(flow && { flow_data: flow }),
  });

const read = async (url: string) => (await (await fetch(url)).text()).replaceAll("&#39;", "'");
/** Presses a button and follows nowhere; `location` says where it leads. */
const press = async (url: string, fields: Record<string, string> = {}) => {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  return {
    status: answer.status,
    location: answer.headers.get("location"),
    text: (await answer.text()).replaceAll("&#39;", "'"),
  };
};
const now = () => stripe.subscriptions.retrieve(subscription.id);

test("home shows the plan, the card, the invoices and the way back", async () => {
  const session = await visit();
  expect(session).toMatchObject({ customer: customer.id, flow: null, return_url: "https://app.example/billing" });
  const page = await read(session.url);
  for (const words of [
    "Pro",
    "$29.00 / month",
    "Visa •••• 4242",
    "Cancel subscription",
    "Update subscription",
    "Teach Charlie",
    'href="https://app.example/billing"',
  ]) {
    expect(page).toContain(words);
  }
  const [invoice] = (await stripe.invoices.list({ customer: customer.id })).data;
  expect(page).toContain(invoice!.hosted_invoice_url!);
});

test('cancelling sets cancel_at as flexible billing does; "Don\'t cancel" takes it back', async () => {
  const { url } = await visit();
  const done = await press(`${url}/cancel/${subscription.id}`, { reason: "unused" });
  expect(done.status).toBe(303);
  expect(await now()).toMatchObject({
    status: "active",
    cancel_at: end,
    cancel_at_period_end: false,
    cancellation_details: { reason: "cancellation_requested", feedback: "unused" },
  });
  expect(await world.types()).toEqual(["billing_portal.session.created", "customer.subscription.updated"]);
  const event = world.delivered.at(-1)!;
  expect(event.data.previous_attributes).toMatchObject({ cancel_at: null, canceled_at: null });
  expect(event.request).toMatchObject({ id: null });
  const page = await read(url);
  expect(page).toContain("Your plan will be canceled on");
  expect(page).toContain("Don't cancel");
  await press(`${url}/keep/${subscription.id}`);
  expect(await now()).toMatchObject({ cancel_at: null, canceled_at: null, status: "active" });
  expect(await world.types()).toEqual(["customer.subscription.updated"]);
});

test("the deep link for cancelling leads straight there and back to the app", async () => {
  const flow = {
    type: "subscription_cancel",
    subscription_cancel: { subscription: subscription.id },
    after_completion: { type: "redirect", redirect: { return_url: "https://app.example/cancelled" } },
  } as const;
  const { url } = await visit(flow);
  const arrived = await fetch(url);
  expect(arrived.url).toContain(`/cancel/${subscription.id}`);
  expect((await press(arrived.url)).location).toBe("https://app.example/cancelled");
  await expect(visit(flow)).rejects.toThrow(/already set to be canceled/);
});

test("switching shows what it costs, then does just that", async () => {
  const { url } = await visit({ type: "subscription_update", subscription_update: { subscription: subscription.id } });
  const choice = await read(url);
  expect(choice).toContain("Team – $79.00 / month");
  expect(choice).toContain("(current plan)");
  const confirm = `${url}/confirm/${subscription.id}`;
  const page = await read(`${confirm}?price=${shop.team.id}`);
  expect(page).toContain("Amount due today");
  expect(page).toContain("$50.00");
  expect((await now()).items.data[0]?.price.id).toBe(shop.pro.id);
  const at = /name="at" value="(\d+)"/.exec(page)![1]!;
  await world.types();
  await press(confirm, { price: shop.team.id, at });
  const after = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
  expect(after.items.data[0]?.price.id).toBe(shop.team.id);
  expect(after.latest_invoice).toMatchObject({ total: 5000, status: "paid" });
  expect((await world.types()).slice(0, 4)).toEqual([
    "customer.subscription.updated",
    "invoiceitem.created",
    "invoiceitem.created",
    "invoice.created",
  ]);
});

test("the deep link to one plan goes to its confirmation; a card that fails changes nothing", async () => {
  const { url } = await visit({
    type: "subscription_update_confirm",
    subscription_update_confirm: {
      subscription: subscription.id,
      items: [{ id: subscription.items.data[0]!.id, price: shop.team.id, quantity: 1 }],
    },
  });
  const arrived = await fetch(url);
  expect(arrived.url).toContain(`/confirm/${subscription.id}`);
  world.sandbox.control.failPayments({ customer: customer.id });
  const failed = await press(arrived.url);
  expect(failed.text).toContain("Your card was declined. Nothing was changed.");
  world.sandbox.control.failPayments({ times: 0 });
  expect((await now()).items.data[0]?.price.id).toBe(shop.pro.id);
  expect((await press(arrived.url)).status).toBe(303);
  expect((await now()).items.data[0]?.price.id).toBe(shop.team.id);
});

test("a new card becomes the one that pays, also for the running subscription", async () => {
  const { url } = await visit({ type: "payment_method_update" });
  await world.types();
  const refused = await press(`${url}/card`, { number: "4000000000000002", expiry: "12/34", cvc: "123", name: "Ada" });
  expect(refused.text).toContain("Your card was declined.");
  await press(`${url}/card`, { number: "5555555555554444", expiry: "12/34", cvc: "123", name: "Ada" });
  expect(await world.types()).toEqual([
    "payment_method.attached",
    "setup_intent.created",
    "setup_intent.succeeded",
    "customer.updated",
  ]);
  const after = await stripe.customers.retrieve(customer.id, { expand: ["invoice_settings.default_payment_method"] });
  expect(after).toMatchObject({ invoice_settings: { default_payment_method: { card: { last4: "4444" } } } });
  const asked = await press(`${url}/card`, { number: "4000002500003155", expiry: "12/34", cvc: "123", name: "Ada" });
  expect(asked.location).toContain("/card/3ds/");
  await press(new URL(asked.location!, url).href, { answer: "complete" });
  const last = await stripe.customers.retrieve(customer.id, { expand: ["invoice_settings.default_payment_method"] });
  expect(last).toMatchObject({ invoice_settings: { default_payment_method: { card: { last4: "3155" } } } });
});

test("nobody reaches another customer's subscription, an old link or a plan that is not on offer", async () => {
  const other = await createPayer(stripe);
  const theirs = await stripe.subscriptions.create({ customer: other.customer.id, items: [{ price: shop.pro.id }] });
  const { url } = await visit();
  expect((await press(`${url}/cancel/${theirs.id}`)).status).toBe(404);
  expect((await stripe.subscriptions.retrieve(theirs.id)).cancel_at).toBeNull();
  expect((await fetch(`${url}x`)).status).toBe(404);
  const hidden = await stripe.prices.create({
    product: shop.product.id,
    currency: "usd",
    unit_amount: 1,
    recurring: { interval: "month" },
  });
  expect((await press(`${url}/confirm/${subscription.id}`, { price: hidden.id })).text).toContain("not on offer");
});

test("what a configuration refuses", async () => {
  const offer = { product: shop.product.id, prices: [shop.pro.id] };
  await expect(
    stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          products: Array.from({ length: 11 }, () => offer),
        },
      },
    }),
  ).rejects.toThrow(/at most 10 products/);
  await expect(
    stripe.billingPortal.configurations.create({
      features: { subscription_update: { enabled: true, products: [{ ...offer, prices: [shop.team.id] }] } },
    }),
  ).rejects.toThrow(/does not belong/);
  const [configuration] = (await stripe.billingPortal.configurations.list({ is_default: true })).data;
  const off = await stripe.billingPortal.configurations.update(configuration!.id, {
    features: { subscription_cancel: { enabled: false } },
  });
  expect(off.features.subscription_cancel.enabled).toBe(false);
  expect(off.features.invoice_history.enabled).toBe(true);
  const { url } = await visit();
  expect(await read(url)).not.toContain("Cancel subscription");
});
