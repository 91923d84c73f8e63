// The contract: what an application relies on of billing over time, claimed of the sandbox and of Stripe alike.
import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { START, openTarget, patience, refused, targets, type Target } from "./contract-target.ts";
import { DAY, HOUR } from "./world.ts";

describe.each(targets)("$name", ({ key }) => {
  let target: Target;
  let stripe: Stripe;
  let pro: Stripe.Price;
  let team: Stripe.Price;

  beforeAll(async () => {
    target = await openTarget(key);
    ({ stripe, pro, team } = target);
  }, 60_000);
  afterAll(() => target.close(), patience(key));

  test(
    "a subscription: active, its period on its items, its invoice paid and its parent named",
    async () => {
      const { clock, customer } = await target.payer();
      const made = await stripe.subscriptions.create({
        customer,
        items: [{ price: pro.id }],
        expand: ["latest_invoice.payments"],
      });
      const [item] = made.items.data;
      expect(made).toMatchObject({ status: "active", billing_mode: { type: "flexible" }, cancel_at: null });
      expect(item).toMatchObject({ current_period_start: START, current_period_end: START + 30 * DAY });
      expect(made.latest_invoice).toMatchObject({
        status: "paid",
        amount_paid: 2900,
        billing_reason: "subscription_create",
        parent: { type: "subscription_details", subscription_details: { subscription: made.id } },
        payments: { data: [{ status: "paid", payment: { type: "payment_intent" } }] },
      });
      const end = START + 30 * DAY;
      await target.advance(clock, end + HOUR / 2);
      const [draft] = (await stripe.invoices.list({ subscription: made.id, limit: 1 })).data;
      expect(draft).toMatchObject({ status: "draft", billing_reason: "subscription_cycle", total: 2900 });
      await target.advance(clock, end + 2 * HOUR);
      expect(await stripe.invoices.retrieve(draft!.id)).toMatchObject({ status: "paid" });
    },
    patience(key),
  );

  test(
    "a switch in the middle of the month is prorated to the second",
    async () => {
      const { clock, customer } = await target.payer();
      const made = await stripe.subscriptions.create({ customer, items: [{ price: pro.id }] });
      await target.advance(clock, START + 15 * DAY);
      const asked = {
        items: [{ id: made.items.data[0]!.id, price: team.id }],
        proration_date: START + 15 * DAY,
        proration_behavior: "always_invoice" as const,
      };
      const preview = await stripe.invoices.createPreview({ subscription: made.id, subscription_details: asked });
      expect(preview.total).toBe(3950 - 1450);
      const after = await stripe.subscriptions.update(made.id, { ...asked, expand: ["latest_invoice"] });
      expect(after.latest_invoice).toMatchObject({
        total: 2500,
        status: "paid",
        billing_reason: "subscription_update",
      });
      expect(after.items.data[0]).toMatchObject({ price: { id: team.id }, current_period_end: START + 30 * DAY });
    },
    patience(key),
  );

  test(
    "cancel at period end, undo, and the end when it comes",
    async () => {
      const { clock, customer } = await target.payer();
      const made = await stripe.subscriptions.create({ customer, items: [{ price: pro.id }] });
      const end = made.items.data[0]!.current_period_end;
      expect(await stripe.subscriptions.update(made.id, { cancel_at_period_end: true })).toMatchObject({
        cancel_at: end,
        cancel_at_period_end: true,
      });
      expect(await stripe.subscriptions.update(made.id, { cancel_at_period_end: false })).toMatchObject({
        cancel_at: null,
        cancel_at_period_end: false,
      });
      await stripe.subscriptions.update(made.id, { cancel_at: end });
      await target.advance(clock, end + HOUR);
      expect(await stripe.subscriptions.retrieve(made.id)).toMatchObject({ status: "canceled", ended_at: end });
      expect(await refused(stripe.subscriptions.cancel(made.id))).toMatchObject({
        code: "resource_missing",
        statusCode: 404,
      });
    },
    patience(key),
  );

  test(
    "a card that declines: incomplete at the start, past due at a renewal",
    async () => {
      const { clock, customer } = await target.payer();
      const made = await stripe.subscriptions.create({ customer, items: [{ price: pro.id }] });
      const bad = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
      await stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad.id } });
      const second = await stripe.subscriptions.create({ customer, items: [{ price: team.id }] });
      expect(second.status).toBe("incomplete");
      expect(
        await refused(
          stripe.subscriptions.create({
            customer,
            items: [{ price: team.id }],
            payment_behavior: "error_if_incomplete",
          }),
        ),
      ).toMatchObject({ type: "StripeCardError", code: "card_declined", statusCode: 402 });
      await target.advance(clock, START + 30 * DAY + 2 * HOUR);
      expect((await stripe.subscriptions.retrieve(made.id)).status).toBe("past_due");
      expect((await stripe.subscriptions.retrieve(second.id)).status).toBe("incomplete_expired");
    },
    patience(key),
  );
});
