import { plans } from "@charlie/contract";
import type { Stripe } from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { everything, openAccount, publicUrl, webhook, type Account } from "../../../../test/stripe-account.ts";
import { findCatalogue } from "../catalogue.ts";

let account: Account;
let stripe: Stripe;
beforeEach(async () => {
  account = await openAccount();
  ({ stripe } = account);
});
afterEach(() => account.close());

describe("each difference is told, made good, and gone", () => {
  const portalOf = async () => (await findCatalogue(stripe, plans, {})).portal ?? "";
  const priceOf = async () => (await findCatalogue(stripe, plans, {})).prices.pro.month;
  const endpointOf = async () => (await stripe.webhookEndpoints.list()).data[0]?.id ?? "";
  const features = (part: Stripe.BillingPortal.ConfigurationUpdateParams.Features) => async () =>
    stripe.billingPortal.configurations.update(await portalOf(), { features: part });

  const cases: [name: string, spoil: () => Promise<unknown>, told: string, detail: string][] = [
    [
      "a product's name",
      () => stripe.products.update("charlie_pro", { name: "Mine" }),
      "change product charlie_pro",
      "name: Mine → Teach Charlie Pro",
    ],
    [
      "a product's description",
      () => stripe.products.update("charlie_pro", { description: "" }),
      "change product charlie_pro",
      "description: none → For a shop or a practice that lets Charlie work every day.",
    ],
    [
      "an archived product",
      () => stripe.products.update("charlie_team", { active: false }),
      "change product charlie_team",
      "state: archived → active",
    ],
    [
      "a product without our mark",
      () => stripe.products.update("charlie_team", { metadata: { charlie_plan: "" } }),
      "change product charlie_team",
      "mark: none → team",
    ],
    [
      "an archived price",
      async () => stripe.prices.update(await priceOf(), { active: false }),
      "change price charlie_pro_monthly",
      "state: archived → active",
    ],
    [
      "a price without our mark",
      async () => stripe.prices.update(await priceOf(), { metadata: { charlie_plan: "" } }),
      "change price charlie_pro_monthly",
      "mark: none → pro",
    ],
    [
      "a meter that is switched off",
      async () => stripe.billing.meters.deactivate((await stripe.billing.meters.list()).data[0]?.id ?? ""),
      "change meter charlie_ai_cost_micros",
      "state: inactive → active",
    ],
    [
      "an archived price for AI usage",
      async () =>
        stripe.prices.update((await findCatalogue(stripe, plans, {})).usage?.prices.year ?? "", { active: false }),
      "change price charlie_ai_usage_yearly",
      "state: archived → active",
    ],
    [
      "the portal's headline",
      async () =>
        stripe.billingPortal.configurations.update(await portalOf(), { business_profile: { headline: "Hello" } }),
      "change portal configuration bpc",
      "headline: Hello → Your plan at Teach Charlie",
    ],
    [
      "the portal's way back",
      async () =>
        stripe.billingPortal.configurations.update(await portalOf(), { default_return_url: "https://old.example.org" }),
      "change portal configuration bpc",
      `return address: https://old.example.org → ${publicUrl}/settings/billing`,
    ],
    [
      "a portal that is switched off",
      async () => stripe.billingPortal.configurations.update(await portalOf(), { active: false }),
      "change portal configuration bpc",
      "state: switched off → active",
    ],
    [
      "cancelling at once",
      features({ subscription_cancel: { enabled: true, mode: "immediately" } }),
      "change portal configuration bpc",
      "cancellation: on, immediately → on, at_period_end",
    ],
    [
      "a switch that is paid later",
      features({ subscription_update: { enabled: true, proration_behavior: "create_prorations" } }),
      "change portal configuration bpc",
      "plan switch: on, create_prorations → on, always_invoice",
    ],
    [
      "an offer of one plan only",
      async () =>
        stripe.billingPortal.configurations.update(await portalOf(), {
          features: { subscription_update: { products: [{ product: "charlie_pro", prices: [await priceOf()] }] } },
        }),
      "change portal configuration bpc",
      "offer: charlie_pro",
    ],
    [
      "no invoices",
      features({ invoice_history: { enabled: false } }),
      "change portal configuration bpc",
      "invoices: off → on",
    ],
    [
      "no new card",
      features({ payment_method_update: { enabled: false } }),
      "change portal configuration bpc",
      "change of card: off → on",
    ],
    [
      "contact data that stays",
      features({ customer_update: { enabled: false } }),
      "change portal configuration bpc",
      "change of contact data: off, address, email, name, tax_id → on",
    ],
    [
      "an event too few and one too many",
      async () =>
        stripe.webhookEndpoints.update(await endpointOf(), { enabled_events: ["invoice.paid", "charge.failed"] }),
      `change webhook endpoint ${webhook.url}`,
      "is not sent yet: customer.deleted",
    ],
    [
      "a disabled endpoint",
      async () => stripe.webhookEndpoints.update(await endpointOf(), { disabled: true }),
      `change webhook endpoint ${webhook.url}`,
      "state: disabled → enabled",
    ],
    [
      "a deleted endpoint, though Stripe still remembers the request that made it",
      async () => stripe.webhookEndpoints.del(await endpointOf()),
      `make webhook endpoint ${webhook.url}`,
      "2 kinds of events",
    ],
  ];

  test.each(cases)("%s", async (_name, spoil, told, detail) => {
    await account.setUp();
    const whole = await everything(account);
    await spoil();
    const spoilt = await everything(account);
    account.doorman.changes();
    const dry = await account.setUp({ apply: false });
    expect(account.doorman.changes()).toEqual([]);
    expect(await everything(account)).toEqual(spoilt);
    const mended = await account.setUp();
    for (const { changes, told: heard } of [dry, mended]) {
      expect(heard).toEqual([told]);
      expect(changes[0]?.details.join("\n")).toContain(detail);
    }
    expect(await everything(account)).toEqual(whole);
    account.doorman.changes();
    expect((await account.setUp()).told).toEqual([]);
    expect(account.doorman.changes()).toEqual([]);
  });
});
