import { plans } from "@charlie/contract";
import { startStripeSandbox, type StripeSandbox } from "@charlie/stripe-sandbox";
import type { Stripe } from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCatalogue } from "./catalogue.ts";
import { makeStripe, targetOf } from "./client.ts";
import { realStripe } from "./parts.ts";
import { setUpCatalogue } from "./set-up/index.ts";

let sandbox: StripeSandbox;
let stripe: Stripe;
beforeAll(async () => {
  sandbox = await startStripeSandbox({ port: 0 });
  stripe = makeStripe({ secretKey: "sk_test_catalogue", server: { host: "127.0.0.1", port: sandbox.port } });
});
afterAll(() => sandbox.close());

test("an empty account is named as such", async () => {
  await expect(findCatalogue(stripe, plans, {})).rejects.toThrow("no active price for the plan pro");
});

test("price ids from the settings win over the lookup keys", async () => {
  await setUpCatalogue({ stripe, apply: true, tell: () => {} }, { plans, publicUrl: "https://charlie.example.org" });
  const { prices } = await findCatalogue(stripe, plans, { pro: { month: "price_of_my_own" } });
  expect(prices.pro.month).toBe("price_of_my_own");
  expect(prices.team.month).toMatch(/^price_/);
});

test("several webhook secrets are separated by commas, and none is none", () => {
  const settings = { STRIPE_SECRET_KEY: "sk_test_x", STRIPE_WEBHOOK_SECRET: "whsec_new, whsec_old," };
  expect(realStripe(settings).webhookSecrets).toEqual(["whsec_new", "whsec_old"]);
  expect(realStripe({ STRIPE_SECRET_KEY: "sk_test_x" }).webhookSecrets).toEqual([]);
});

test("another server is asked where the settings name one", async () => {
  const STRIPE_API_URL = `http://127.0.0.1:${sandbox.port}`;
  const { stripe: asked } = realStripe({ STRIPE_SECRET_KEY: "sk_test_elsewhere", STRIPE_API_URL });
  expect((await asked.products.list()).data.map(({ id }) => id)).toContain("charlie_pro");
  const live = { STRIPE_SECRET_KEY: "sk_live_elsewhere", STRIPE_API_URL };
  expect(() => realStripe(live)).toThrow("take STRIPE_API_URL out");
});

test("such a server is reached as its address says", () => {
  expect(targetOf({ secretKey: "sk_live_1", address: undefined })).toEqual({ secretKey: "sk_live_1" });
  expect(targetOf({ secretKey: "sk_test_1", address: "https://gateway.example.org" })).toEqual({
    secretKey: "sk_test_1",
    server: { host: "gateway.example.org", port: 443, protocol: "https" },
  });
});
