// The contract: what an application relies on of the API itself, claimed of the sandbox and of Stripe alike.
import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTarget, patience, refused, targets, type Target } from "./contract-target.ts";
import { DAY } from "./world.ts";

describe.each(targets)("$name", ({ key }) => {
  let target: Target;
  let stripe: Stripe;
  let run: string;
  let pro: Stripe.Price;

  beforeAll(async () => {
    target = await openTarget(key);
    ({ stripe, run, pro } = target);
  }, 60_000);
  afterAll(() => target.close(), patience(key));

  test("errors: nothing there, parameters unknown and missing", async () => {
    expect(await refused(stripe.customers.retrieve("cus_none"))).toMatchObject({
      type: "StripeInvalidRequestError",
      code: "resource_missing",
      param: "id",
      statusCode: 404,
    });
    const wrong = { nonsense: 1 } as Stripe.CustomerCreateParams;
    expect(await refused(stripe.customers.create(wrong))).toMatchObject({
      code: "parameter_unknown",
      param: "nonsense",
      statusCode: 400,
    });
    const empty = {} as Stripe.ProductCreateParams;
    expect(await refused(stripe.products.create(empty))).toMatchObject({ code: "parameter_missing", param: "name" });
  });

  test("idempotency: the same again, another body refused", async () => {
    const options = { idempotencyKey: `${run}-idempotent` };
    const first = await stripe.customers.create({ name: run }, options);
    expect((await stripe.customers.create({ name: run }, options)).id).toBe(first.id);
    expect(await refused(stripe.customers.create({ name: "other" }, options))).toMatchObject({
      type: "StripeIdempotencyError",
      statusCode: 400,
    });
    await stripe.customers.del(first.id);
    expect(await stripe.customers.retrieve(first.id)).toMatchObject({ deleted: true });
  });

  test("lookup keys find a price and belong to one", async () => {
    const found = await stripe.prices.list({ lookup_keys: [`${run}-pro`], expand: ["data.product"] });
    expect(found.data).toMatchObject([{ id: pro.id, product: { name: `${run} pro` } }]);
    const again = { currency: "usd", unit_amount: 1, product: pro.product as string, lookup_key: `${run}-pro` };
    expect(await refused(stripe.prices.create(again))).toMatchObject({ statusCode: 400, param: "lookup_key" });
  });

  test("a product's default price cannot be archived; another one can", async () => {
    const { id: product } = await stripe.products.create({ name: `${run} default` });
    const price = () => stripe.prices.create({ product, currency: "usd", unit_amount: 1 });
    const [first, second] = [await price(), await price()];
    await stripe.products.update(product, { default_price: first.id });
    expect(await refused(stripe.prices.update(first.id, { active: false }))).toMatchObject({
      type: "StripeInvalidRequestError",
      statusCode: 400,
    });
    await stripe.products.update(product, { default_price: second.id });
    expect(await stripe.prices.update(first.id, { active: false })).toMatchObject({ active: false });
    await stripe.products.update(product, { active: false });
  });

  test(
    "refunds stop at what was paid",
    async () => {
      const intent = await stripe.paymentIntents.create({
        amount: 1000,
        currency: "usd",
        confirm: true,
        payment_method: "pm_card_visa",
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      });
      await stripe.refunds.create({ payment_intent: intent.id, amount: 400 });
      expect(await refused(stripe.refunds.create({ payment_intent: intent.id, amount: 601 }))).toMatchObject({
        statusCode: 400,
      });
      expect(await stripe.refunds.create({ payment_intent: intent.id })).toMatchObject({ amount: 600 });
      expect(await refused(stripe.refunds.create({ payment_intent: intent.id }))).toMatchObject({
        code: "charge_already_refunded",
      });
    },
    patience(key),
  );

  test("a checkout session: open, with a page; expired on request", async () => {
    const session = await stripe.checkout.sessions.create({
      mode: "subscription",
      client_reference_id: run,
      line_items: [{ price: pro.id, quantity: 1 }],
      success_url: "https://example.com/done?session={CHECKOUT_SESSION_ID}",
      cancel_url: "https://example.com/",
    });
    expect(session).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      amount_total: 2900,
      client_reference_id: run,
    });
    expect(session.url).toMatch(/^https?:\/\//);
    expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: "expired", url: null });
    expect(await refused(stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
  });

  test("meters: a duplicate identifier and a strange time are refused", async () => {
    const meter = await stripe.billing.meters.create({
      display_name: run,
      event_name: run.replaceAll("-", "_"),
      default_aggregation: { formula: "last" },
    });
    const customer = await stripe.customers.create({ name: run });
    const event = {
      event_name: meter.event_name,
      payload: { stripe_customer_id: customer.id, value: "25" },
      identifier: run,
    };
    expect(await stripe.billing.meterEvents.create(event)).toMatchObject({
      identifier: run,
      event_name: meter.event_name,
    });
    expect(await refused(stripe.billing.meterEvents.create(event))).toMatchObject({ statusCode: 400 });
    const old = { ...event, identifier: `${run}-old`, timestamp: Math.floor(Date.now() / 1000) - 36 * DAY };
    expect(await refused(stripe.billing.meterEvents.create(old))).toMatchObject({ statusCode: 400 });
    await stripe.billing.meters.deactivate(meter.id);
    await stripe.customers.del(customer.id);
  });
});
