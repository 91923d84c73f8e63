import { plans } from "@charlie/contract";
import { Stripe } from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dearer, empty, everything, openAccount, webhook, type Account } from "../../../../test/stripe-account.ts";
import { findCatalogue } from "../catalogue.ts";
import { SetUpError, setUpWebhook } from "./index.ts";

let account: Account;
let stripe: Stripe;
beforeEach(async () => {
  account = await openAccount();
  ({ stripe } = account);
});
afterEach(() => account.close());

test("an empty account: a dry run tells all and changes nothing; applied, all is there; again, nothing is left to do", async () => {
  const dry = await account.setUp({ apply: false });
  expect(dry).toMatchObject({ told: empty, catalogue: null, endpoint: { secret: null } });
  expect(account.doorman.changes()).toEqual([]);

  const made = await account.setUp();
  expect(made.told).toEqual(empty);
  expect(made.endpoint.secret).toMatch(/^whsec_/);
  expect(account.doorman.changes()).toHaveLength(empty.length);
  expect(await findCatalogue(stripe, plans, {})).toEqual(made.catalogue);
  const month = await stripe.prices.retrieve(made.catalogue?.prices.team.month ?? "");
  expect(month).toMatchObject({
    unit_amount: 7900,
    currency: "usd",
    lookup_key: "charlie_team_monthly",
    recurring: { interval: "month" },
  });
  const portal = await stripe.billingPortal.configurations.retrieve(made.catalogue?.portal ?? "");
  expect(portal.features).toMatchObject({
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    subscription_update: { enabled: true, proration_behavior: "always_invoice" },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
  });
  const { usage } = made.catalogue ?? {};
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
  const [endpoint] = (await stripe.webhookEndpoints.list()).data;
  expect(endpoint).toMatchObject({ url: webhook.url, enabled_events: webhook.events.toSorted() });

  expect(await account.setUp()).toEqual({
    catalogue: made.catalogue,
    endpoint: { secret: null, others: [] },
    changes: [],
    told: [],
  });
  expect(await account.setUp({ apply: false })).toMatchObject({ catalogue: made.catalogue, changes: [] });
  expect(account.doorman.changes()).toEqual([]);
});

describe("a price that changes", () => {
  test("is a new one under the same lookup key; the old one is archived, also as its product's default, and who pays it stays", async () => {
    const before = (await account.setUp()).catalogue?.prices.pro.month ?? "";
    await stripe.products.update("charlie_pro", { default_price: before });
    const customer = await stripe.customers.create({});
    const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      default_payment_method: card.id,
      items: [{ price: before }],
    });
    account.doorman.changes();

    const dry = await account.setUp({ of: dearer, apply: false });
    expect(dry.told).toEqual(["replace price charlie_pro_monthly", "change portal configuration bpc"]);
    expect(dry.changes[0]?.details).toEqual([
      "amount: 29.00 USD a month → 39.00 USD a month",
      expect.stringMatching(
        /a new price takes the lookup key over from price_\w+, which is archived: who pays it now goes on paying it/,
      ),
    ]);
    expect(account.doorman.changes()).toEqual([]);

    const { told, catalogue } = await account.setUp({ of: dearer });
    expect(told).toEqual([
      "replace price charlie_pro_monthly",
      "change portal configuration bpc",
      "archive price price",
    ]);
    const after = catalogue?.prices.pro.month ?? "";
    expect(await stripe.prices.retrieve(after)).toMatchObject({ unit_amount: 3900, lookup_key: "charlie_pro_monthly" });
    expect(await stripe.prices.retrieve(before)).toMatchObject({ unit_amount: 2900, lookup_key: null, active: false });
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: "active",
      items: { data: [{ price: { id: before, metadata: { charlie_plan: "pro" } } }] },
    });
    expect((await account.setUp({ of: dearer })).told).toEqual([]);

    // There and back again: each is a price of its own, and only the last is sold.
    const back = await account.setUp();
    expect(back.told).toEqual([
      "replace price charlie_pro_monthly",
      "change portal configuration bpc",
      "archive price price",
    ]);
    expect(
      (await everything(account)).prices.filter((each) => each.includes("pro") && each.endsWith("true")),
    ).toHaveLength(2);
    expect((await account.setUp()).told).toEqual([]);
  });

  test("in the currency or the rhythm is told as such", async () => {
    await account.setUp();
    await stripe.prices.create({
      product: "charlie_pro",
      currency: "eur",
      unit_amount: 2900,
      recurring: { interval: "month", interval_count: 3 },
      lookup_key: "charlie_pro_monthly",
      transfer_lookup_key: true,
    });
    const { changes, told } = await account.setUp({ apply: false });
    expect(told).toEqual(["replace price charlie_pro_monthly", "change portal configuration bpc"]);
    expect(changes[0]?.details[0]).toBe("amount: 29.00 EUR a 3 months → 29.00 USD a month");
  });

  test("another price of the same product that somebody made by hand is left alone", async () => {
    await account.setUp();
    const special = await stripe.prices.create({
      product: "charlie_pro",
      currency: "usd",
      unit_amount: 1900,
      recurring: { interval: "month" },
      metadata: { charlie_plan: "pro" },
    });
    await account.setUp({ of: dearer });
    expect(await stripe.prices.retrieve(special.id)).toMatchObject({ active: true });
  });
});

test("a meter that adds up is refused by name, told or applied, before anything is changed", async () => {
  const { catalogue } = await account.setUp();
  await stripe.billing.meters.deactivate(catalogue?.usage?.meter ?? "");
  expect((await findCatalogue(stripe, plans, {})).usage).toBeNull();
  const wrong = await stripe.billing.meters.create({
    display_name: "Adds up",
    event_name: "charlie_ai_cost_micros",
    default_aggregation: { formula: "sum" },
  });
  account.doorman.changes();
  for (const apply of [false, true]) {
    await expect(account.setUp({ apply })).rejects.toThrow(SetUpError);
    await expect(account.setUp({ apply })).rejects.toThrow(`(${wrong.id}) has the formula sum, needed is last`);
  }
  expect(account.doorman.changes()).toEqual([]);
});

test("a price for AI usage that counts by another meter is replaced", async () => {
  const { catalogue } = await account.setUp();
  const meter = await stripe.billing.meters.create({
    display_name: "Another",
    event_name: "another",
    default_aggregation: { formula: "last" },
  });
  await stripe.prices.create({
    product: "charlie_ai",
    currency: "usd",
    unit_amount_decimal: Stripe.Decimal.from("0.0001"),
    recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    lookup_key: "charlie_ai_usage",
    transfer_lookup_key: true,
  });
  const ours = catalogue?.usage?.meter;
  const { changes, told } = await account.setUp();
  expect(told).toEqual(["replace price charlie_ai_usage", "archive price price"]);
  expect(changes[0]?.details[0]).toBe(
    `amount: 0.000001 USD for each unit of ${meter.id}, a month → 0.000001 USD for each unit of ${ours}, a month`,
  );
  expect((await account.setUp()).told).toEqual([]);
});

test("another address in the same account keeps its own endpoint and is named", async () => {
  await account.setUp();
  const work = { stripe, apply: true, tell: () => {} };
  const second = await setUpWebhook(work, { ...webhook, url: "https://staging.example.org/hook" });
  expect(second.others).toEqual([webhook.url]);
  expect((await stripe.webhookEndpoints.list()).data).toHaveLength(2);
});
