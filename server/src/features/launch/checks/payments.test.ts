import { receiveStripeEvent } from "@charlie/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { examine, failed, ok } from "../../../../test/launch.ts";
import { openAccount, publicUrl, type Account } from "../../../../test/stripe-account.ts";
import { setUpWebhook } from "../../../integrations/stripe/index.ts";
import { workedEvents } from "../../billing/index.ts";

let account: Account;
let env: Record<string, string>;
beforeEach(async () => {
  account = await openAccount();
  const { catalogue } = await account.setUp();
  const url = `${publicUrl}${receiveStripeEvent.path}`;
  await setUpWebhook({ stripe: account.stripe, apply: true, tell: () => {} }, { url, events: workedEvents });
  env = {
    PUBLIC_URL: publicUrl,
    STRIPE_SECRET_KEY: "sk_test_51Nq0rKZbT8mH3xYd",
    STRIPE_PUBLISHABLE_KEY: "pk_test_51Nq0rKZbT8mH3xYd",
    STRIPE_WEBHOOK_SECRET: "whsec_k3jH8sPq2Lm",
    STRIPE_PRO_PRICE_ID: catalogue?.prices.pro.month ?? "",
    STRIPE_TEAM_PRICE_ID: catalogue?.prices.team.month ?? "",
  };
});
afterEach(() => account.close());

const look = (id: string, other: Record<string, string> = {}) =>
  examine(`stripe.${id}`, { ...env, ...other }, { stripe: { host: "127.0.0.1", port: account.doorman.port } });

test.each([
  ["account", "test mode: no real money moves yet"],
  ["modes", "test mode"],
  ["prices", "Pro $29.00, Team $79.00 a month"],
  ["catalogue", "nothing differs"],
  ["portal", "nothing differs"],
  ["webhook", `kinds of events, to ${publicUrl}/api/v1/billing/webhook`],
])("where Stripe is as it should be, %s is ok, and nothing was changed", async (id, found) => {
  account.doorman.changes();
  expect(await look(id)).toEqual(ok(found));
  expect(account.doorman.changes()).toEqual([]);
});

test("account: where something else is asked than Stripe, it says so", async () => {
  const elsewhere = `http://127.0.0.1:${account.doorman.port}`;
  const found = await examine("stripe.account", { ...env, STRIPE_API_URL: elsewhere });
  expect(found).toEqual(ok(`asked at ${elsewhere} (STRIPE_API_URL), not at Stripe`));
});

describe("each fails for its own reason", () => {
  const live = "sk_live_51Nq0rKZbT8mH3xYd";

  test("account: a live key that is led elsewhere", async () => {
    const elsewhere = { STRIPE_SECRET_KEY: live, STRIPE_API_URL: "https://gateway.example.org" };
    expect(await look("account", elsewhere)).toEqual(
      failed("leads a live key to https://gateway.example.org", "Take STRIPE_API_URL out"),
    );
  });

  test("account: a key that Stripe does not know", async () => {
    // The local Stripe takes any key of its form, and no other.
    expect(await look("account", { STRIPE_SECRET_KEY: live })).toEqual(failed("Stripe", "check again"));
  });

  test("account: Stripe is away, and the key is not told", async () => {
    await account.close();
    const result = await look("account");
    expect(result).toEqual(failed("Stripe cannot be reached"));
    expect(JSON.stringify(result)).not.toContain(env["STRIPE_SECRET_KEY"]);
  });

  test("modes: a live publishable key beside a test secret key", async () => {
    expect(await look("modes", { STRIPE_PUBLISHABLE_KEY: "pk_live_51Nq0rKZbT8mH3xYd" })).toEqual(
      failed("STRIPE_SECRET_KEY is of test mode, but not STRIPE_PUBLISHABLE_KEY", "test mode"),
    );
  });

  test("prices: a price of another amount, an archived one, one that is not there, no price at all", async () => {
    const yearly = (await account.stripe.prices.list({ lookup_keys: ["charlie_pro_yearly"] })).data[0]?.id ?? "";
    expect(await look("prices", { STRIPE_PRO_PRICE_ID: yearly })).toEqual(
      failed("STRIPE_PRO_PRICE_ID is 29000 usd year (cents), and the catalogue has 2900 usd month", "stripe:setup"),
    );
    expect(await look("prices", { STRIPE_PRO_PRICE_ID: "price_1QfZ8bL2eZvKYlo2" })).toEqual(
      failed("Stripe has no price price_1QfZ8bL2eZvKYlo2 (STRIPE_PRO_PRICE_ID)"),
    );
    await account.stripe.prices.update(env["STRIPE_TEAM_PRICE_ID"] ?? "", { active: false });
    expect(await look("prices")).toEqual(failed("STRIPE_TEAM_PRICE_ID names an archived price"));
    expect(await look("prices", { STRIPE_PRO_PRICE_ID: "price_xxx" })).toEqual(
      failed("STRIPE_PRO_PRICE_ID is a placeholder, not a secret", "STRIPE_PRO_PRICE_ID"),
    );
  });

  test("catalogue: a product that was renamed by hand", async () => {
    await account.stripe.products.update("charlie_pro", { name: "Mine" });
    expect(await look("catalogue")).toEqual(failed("change product charlie_pro (name: Mine → ", "stripe:setup"));
    expect(await look("portal")).toEqual(ok("nothing differs"));
  });

  test("portal: one that is switched off", async () => {
    const { data } = await account.stripe.billingPortal.configurations.list({ limit: 10 });
    await account.stripe.billingPortal.configurations.update(data[0]?.id ?? "", { active: false });
    expect(await look("portal")).toEqual(failed("state: switched off → active"));
    expect(await look("catalogue")).toEqual(ok("nothing differs"));
  });

  test("webhook: an endpoint that is disabled, and one that lacks an event", async () => {
    const { data } = await account.stripe.webhookEndpoints.list();
    const id = data.find(({ url }) => url.endsWith(receiveStripeEvent.path))?.id ?? "";
    await account.stripe.webhookEndpoints.update(id, { enabled_events: ["invoice.paid"], disabled: true });
    const result = await look("webhook");
    expect(result).toEqual(failed("state: disabled → enabled"));
    expect(result.found).toContain("is not sent yet: customer.deleted");
  });

  test("webhook: a secret of another kind", async () => {
    expect(await look("webhook", { STRIPE_WEBHOOK_SECRET: "sk_test_51Nq0rKZbT8mH3xYd" })).toEqual(
      failed("STRIPE_WEBHOOK_SECRET must start with whsec_"),
    );
  });
});
