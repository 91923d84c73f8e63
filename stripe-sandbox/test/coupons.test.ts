// Coupons and promotion codes.
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { advance, createPayer, createShop, createWorld, utc, type Shop, type World } from "./world.ts";

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

test("coupons: once, for some months, for good; amounts are shared out to the cent", async () => {
  const START = utc("2026-01-01T00:00:00");
  const run = async (coupon: string) => {
    const { customer, clock } = await createPayer(stripe, { at: START });
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.pro.id }, { price: shop.team.id }],
      discounts: [{ coupon }],
    });
    for (const month of [2, 3, 4]) await advance(stripe, clock!.id, utc(`2026-0${month}-01T01:00:00`));
    const invoices = await stripe.invoices.list({ subscription: id });
    expect(invoices.data.every((row) => row.status === "paid")).toBe(true);
    return invoices.data.map((row) => row.total).toReversed();
  };
  const once = await stripe.coupons.create({ percent_off: 25, duration: "once" });
  const twice = await stripe.coupons.create({
    amount_off: 1001,
    currency: "usd",
    duration: "repeating",
    duration_in_months: 2,
  });
  const good = await stripe.coupons.create({ percent_off: 33.3, duration: "forever" });
  expect(await run(once.id)).toEqual([8100, 10_800, 10_800, 10_800]);
  expect(await run(twice.id)).toEqual([9799, 9799, 10_800, 10_800]);
  const share = 10_800 - Math.round(2900 * 0.333) - Math.round(7900 * 0.333);
  expect(await run(good.id)).toEqual([share, share, share, share]);
});

test("a coupon for the whole makes a first invoice that is paid without money", async () => {
  const coupon = await stripe.coupons.create({ percent_off: 100, duration: "once" });
  const customer = await stripe.customers.create({});
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: shop.pro.id }],
    discounts: [{ coupon: coupon.id }],
    expand: ["latest_invoice"],
  });
  expect(made).toMatchObject({ status: "active", latest_invoice: { status: "paid", total: 0, subtotal: 2900 } });
});

test("coupons and codes that are used up or not for everybody are refused", async () => {
  const coupon = await stripe.coupons.create({ percent_off: 10, max_redemptions: 1 });
  const code = await stripe.promotionCodes.create({
    promotion: { type: "coupon", coupon: coupon.id },
    code: "FIRST",
    restrictions: { first_time_transaction: true },
  });
  const { customer } = await paid();
  const subscribe = (discounts: Stripe.SubscriptionCreateParams.Discount[], owner = customer.id) =>
    stripe.subscriptions.create({ customer: owner, items: [{ price: shop.team.id }], discounts });
  await expect(subscribe([{ promotion_code: code.id }])).rejects.toThrow(/prior transactions/);
  const fresh = await createPayer(stripe);
  await subscribe([{ coupon: coupon.id }], fresh.customer.id);
  await expect(subscribe([{ coupon: coupon.id }])).rejects.toMatchObject({ code: "coupon_expired" });
  await expect(
    stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: "first" }),
  ).rejects.toThrow(/already exists/);
  await stripe.promotionCodes.update(code.id, { active: false });
  await expect(stripe.coupons.create({ percent_off: 10, amount_off: 5 })).rejects.toThrow(/exactly one/);
});

test("what was billed at a discount is credited at that discount", async () => {
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: "forever" });
  const { customer, clock } = await createPayer(stripe, { at: utc("2026-04-01T00:00:00") });
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: shop.pro.id }],
    discounts: [{ coupon: coupon.id }],
  });
  await advance(stripe, clock!.id, utc("2026-04-16T00:00:00"));
  const after = await stripe.subscriptions.update(made.id, {
    items: [{ id: made.items.data[0]!.id, price: shop.team.id }],
    proration_behavior: "always_invoice",
    expand: ["latest_invoice"],
  });
  // 14.50 was paid for the month: half of it comes back; half of 39.50 is to pay. Prorations have the discount in them.
  expect(after.latest_invoice).toMatchObject({ subtotal: 1975 - 725, total: 1250 });
});
