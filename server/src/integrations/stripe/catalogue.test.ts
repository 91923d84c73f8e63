import { plans, type Plan } from "@charlie/contract";
import { startStripeSandbox, type StripeSandbox } from "@charlie/stripe-sandbox";
import type { Stripe } from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureCatalogue, findCatalogue } from "./catalogue.ts";
import { makeStripe } from "./client.ts";
import { realStripe } from "./parts.ts";

let sandbox: StripeSandbox;
let stripe: Stripe;
beforeAll(async () => {
  sandbox = await startStripeSandbox({ port: 0 });
  stripe = makeStripe({ secretKey: "sk_test_catalogue", server: { host: "127.0.0.1", port: sandbox.port } });
});
afterAll(() => sandbox.close());

const publicUrl = "https://charlie.example.org";

test("an empty account is named as such", async () => {
  await expect(findCatalogue(stripe, plans, {})).rejects.toThrow("no active price for the plan pro");
});

test("the catalogue is made once; made again it changes nothing; and it is found without making anything", async () => {
  const made = await ensureCatalogue(stripe, plans, { publicUrl });
  const events = sandbox.control.events().length;
  expect(await ensureCatalogue(stripe, plans, { publicUrl })).toEqual(made);
  expect(await findCatalogue(stripe, plans, {})).toEqual(made);
  expect(sandbox.control.events()).toHaveLength(events);
  const price = await stripe.prices.retrieve(made.prices.team.month);
  expect(price).toMatchObject({
    unit_amount: 7900,
    currency: "usd",
    lookup_key: "charlie_team_monthly",
    recurring: { interval: "month" },
  });
  const portal = await stripe.billingPortal.configurations.retrieve(made.portal ?? "");
  expect(portal.features).toMatchObject({
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    subscription_update: { enabled: true, proration_behavior: "always_invoice" },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
  });
});

test("AI usage has a meter that keeps the last total, and a price of a ten-thousandth of a cent for each interval", async () => {
  const { usage } = await findCatalogue(stripe, plans, {});
  expect(await stripe.billing.meters.retrieve(usage?.meter ?? "")).toMatchObject({
    event_name: "charlie_ai_cost_micros",
    default_aggregation: { formula: "last" },
    status: "active",
  });
  for (const interval of ["month", "year"] as const) {
    const price = await stripe.prices.retrieve(usage?.prices[interval] ?? "");
    expect(price).toMatchObject({
      currency: "usd",
      unit_amount: null,
      product: "charlie_ai",
      recurring: { interval, usage_type: "metered", meter: usage?.meter },
    });
    expect(String(price.unit_amount_decimal)).toBe("0.0001");
  }
});

test("an account without the meter has no usage price, and a meter that adds up is refused", async () => {
  const { usage } = await findCatalogue(stripe, plans, {});
  await stripe.billing.meters.deactivate(usage?.meter ?? "");
  expect((await findCatalogue(stripe, plans, {})).usage).toBeNull();
  const wrong = await stripe.billing.meters.create({
    display_name: "Adds up",
    event_name: "charlie_ai_cost_micros",
    default_aggregation: { formula: "sum" },
  });
  await expect(ensureCatalogue(stripe, plans, { publicUrl })).rejects.toThrow("has the formula sum");
  await stripe.billing.meters.deactivate(wrong.id);
  await stripe.billing.meters.reactivate(usage?.meter ?? "");
  expect((await ensureCatalogue(stripe, plans, { publicUrl })).usage).toEqual(usage);
});

test("price ids from the settings win over the lookup keys", async () => {
  const { prices } = await findCatalogue(stripe, plans, { pro: { month: "price_of_my_own" } });
  expect(prices.pro.month).toBe("price_of_my_own");
  expect(prices.team.month).toMatch(/^price_/);
});

test("a changed price is a new one under the same lookup key, and the portal offers it", async () => {
  const before = await findCatalogue(stripe, plans, {});
  const dearer = plans.map((plan): Plan => (plan.id === "pro" ? { ...plan, monthlyCents: 3900 } : plan));
  const after = await ensureCatalogue(stripe, dearer, { publicUrl });
  expect(after.prices.pro.month).not.toBe(before.prices.pro.month);
  expect(after.prices.team.month).toBe(before.prices.team.month);
  expect(after.portal).toBe(before.portal);
  expect(await stripe.prices.retrieve(before.prices.pro.month)).toMatchObject({
    unit_amount: 2900,
    lookup_key: null,
    active: true,
  });
  const portal = await stripe.billingPortal.configurations.retrieve(after.portal ?? "", {
    expand: ["features.subscription_update.products"],
  });
  expect(JSON.stringify(portal.features.subscription_update)).toContain(after.prices.pro.month);
});

test("several webhook secrets are separated by commas, and none is none", () => {
  const settings = { STRIPE_SECRET_KEY: "sk_test_x", STRIPE_WEBHOOK_SECRET: "whsec_new, whsec_old," };
  expect(realStripe(settings).webhookSecrets).toEqual(["whsec_new", "whsec_old"]);
  expect(realStripe({ STRIPE_SECRET_KEY: "sk_test_x" }).webhookSecrets).toEqual([]);
});
