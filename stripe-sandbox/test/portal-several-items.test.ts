// A subscription of several items in the portal.
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPayer, createShop, createWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.types();
});
afterEach(() => world.close());

test("a subscription with several products or with usage can be cancelled in the portal, not switched", async () => {
  const { stripe } = world;
  const shop = await createShop(stripe);
  const { customer } = await createPayer(stripe);
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: shop.pro.id }] });
  const products = [{ product: shop.product.id, prices: [shop.pro.id, shop.proYear.id] }];
  await stripe.billingPortal.configurations.create({
    features: {
      subscription_cancel: { enabled: true },
      subscription_update: { enabled: true, default_allowed_updates: ["price"], products },
    },
  });
  const visit = (flow_data?: Stripe.BillingPortal.SessionCreateParams.FlowData) =>
    stripe.billingPortal.sessions.create({ customer: customer.id, ...(flow_data && { flow_data }) });
  expect(await (await fetch((await visit()).url)).text()).toContain("Update subscription");
  const meter = await stripe.billing.meters.create({
    display_name: "AI usage",
    event_name: "ai",
    default_aggregation: { formula: "last" },
  });
  const usage = await stripe.prices.create({
    currency: "usd",
    unit_amount: 1,
    recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    product_data: { name: "AI usage" },
  });
  await stripe.subscriptionItems.create({ subscription: subscription.id, price: usage.id });
  const item = subscription.items.data[0]!.id;
  const refusal = { statusCode: 400, message: expect.stringContaining("multiple products") };
  await expect(
    visit({ type: "subscription_update", subscription_update: { subscription: subscription.id } }),
  ).rejects.toMatchObject(refusal);
  await expect(
    visit({
      type: "subscription_update_confirm",
      subscription_update_confirm: { subscription: subscription.id, items: [{ id: item, price: shop.proYear.id }] },
    }),
  ).rejects.toMatchObject(refusal);
  const { url } = await visit();
  const page = await (await fetch(url)).text();
  expect(page).toContain("Cancel subscription");
  expect(page).not.toContain("Update subscription");
  const posted = await fetch(`${url}/confirm/${subscription.id}`, {
    method: "POST",
    body: new URLSearchParams({ price: shop.proYear.id }),
  });
  expect(posted.status).toBe(400);
  expect((await stripe.subscriptions.retrieve(subscription.id)).items.data).toHaveLength(2);
  await visit({ type: "subscription_cancel", subscription_cancel: { subscription: subscription.id } });
});
