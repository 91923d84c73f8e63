// The pages in a real browser: by their labels, at phone width, without axe violations.
import { chromium, type Browser, type BrowserContext, type Page } from "@playwright/test";
import axe, { type AxeResults } from "axe-core";
import type Stripe from "stripe";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createShop, createWorld, type Shop, type World } from "./world.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

// A browser and axe on a busy machine take their time.
const PATIENCE = 120_000;

let browser: Browser;
let context: BrowserContext;
let page: Page;
let world: World;
let shop: Shop;
let stripe: Stripe;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
afterAll(() => browser.close());
beforeEach(async () => {
  world = await createWorld();
  stripe = world.stripe;
  shop = await createShop(stripe);
  context = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled: true });
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
});
afterEach(async () => {
  await context.close();
  await world.close();
});

/** No axe violation, and nothing that makes a phone scroll sideways. */
async function isSound(what: string) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  expect(violations.map((row) => `${what}: ${row.id} ${row.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  const wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
  expect(wide, `${what} scrolls sideways`).toBe(false);
}

async function fill(number: string) {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Expiration").fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Name on card").fill("Ada Example");
}

async function checkout() {
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const back = `${world.sandbox.url}/sandbox`;
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    allow_promotion_codes: true,
    line_items: [{ price: shop.pro.id, quantity: 1 }],
    success_url: `${back}?session={CHECKOUT_SESSION_ID}`,
    cancel_url: back,
  });
  return { customer, session };
}

test(
  "checkout: declined, authenticated, paid",
  async () => {
    const { session } = await checkout();
    await page.goto(session.url!);
    await page.getByText("ada@example.com").waitFor();
    await page.getByText("$29.00").first().waitFor();
    await isSound("checkout");
    await page.getByText("Test cards", { exact: true }).click();
    await isSound("checkout with hints");
    world.sandbox.control.promotionCode({ code: "HALF", percent: "50" });
    const code = page.getByLabel("Promotion code");
    await code.fill("NONE");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.locator("form", { has: code }).getByRole("alert").filter({ hasText: "This code is invalid." }).waitFor();
    await isSound("checkout with a wrong code");
    await code.fill("half");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("today, then $29.00 per month").waitFor();
    await page.getByText("$14.50").first().waitFor();
    await fill("4000 0000 0000 0002");
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.getByRole("alert").waitFor();
    await isSound("checkout declined");
    expect(await page.getByLabel("Card number").inputValue()).toBe("4000 0000 0000 0002");
    expect(await page.getByLabel("CVC").inputValue()).toBe("");
    await fill("4000 0025 0000 3155");
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.getByRole("heading", { name: "3-D Secure" }).waitFor();
    await isSound("3-D Secure");
    await page.getByRole("button", { name: "Complete" }).click();
    await page.waitForURL(`**/sandbox?session=${session.id}`);
    await isSound("control");
    await page.goto(`${world.sandbox.url}/c/pay/${session.id}`);
    await isSound("checkout complete");
  },
  PATIENCE,
);

test(
  "the portal: cancel, keep, switch, another card; then the invoice",
  async () => {
    const { customer, session } = await checkout();
    world.sandbox.control.payCheckout(session.id);
    await stripe.billingPortal.configurations.create({
      features: {
        invoice_history: { enabled: true },
        payment_method_update: { enabled: true },
        subscription_cancel: { enabled: true, cancellation_reason: { enabled: true, options: ["unused", "other"] } },
        subscription_update: {
          enabled: true,
          proration_behavior: "always_invoice",
          products: [
            { product: shop.product.id, prices: [shop.pro.id] },
            { product: shop.team.product as string, prices: [shop.team.id] },
          ],
        },
      },
    });
    const portal = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: `${world.sandbox.url}/sandbox`,
    });
    await page.goto(portal.url);
    await isSound("portal");
    await page.getByRole("link", { name: "Cancel subscription" }).click();
    await isSound("portal cancel");
    await page.getByLabel("Why do you cancel?").selectOption("unused");
    await page.getByRole("button", { name: "Cancel subscription" }).click();
    await page.getByText("Your plan will be canceled on").waitFor();
    await isSound("portal cancelled");
    await page.getByRole("button", { name: "Don't cancel" }).click();
    await page.getByText("Your plan renews on").waitFor();
    await page.getByRole("link", { name: "Update subscription" }).click();
    await isSound("portal choose");
    await page.getByLabel("Team").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("Amount due today").waitFor();
    await isSound("portal confirm");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("$79.00 / month").waitFor();
    await page.getByRole("link", { name: "Update card" }).click();
    await isSound("portal card");
    await fill("5555 5555 5555 4444");
    await page.getByRole("button", { name: "Save card" }).click();
    await page.getByText("Mastercard •••• 4444").waitFor();
    await page.getByRole("link", { name: /^View/ }).first().click();
    await page.getByText("Invoice paid").waitFor();
    await isSound("invoice");
    await page.getByRole("link", { name: "Printable invoice" }).click();
    await isSound("printable invoice");
  },
  PATIENCE,
);

test(
  "an open invoice is paid on its page",
  async () => {
    const { customer, session } = await checkout();
    world.sandbox.control.payCheckout(session.id);
    world.sandbox.control.failPayments({ customer: customer.id, times: 9 });
    world.sandbox.control.turnClock(32 * 86_400);
    const [open] = (await stripe.invoices.list({ customer: customer.id, status: "open" })).data;
    await page.goto(open!.hosted_invoice_url!);
    await isSound("open invoice");
    world.sandbox.control.failPayments({ times: 0 });
    await page.getByRole("button", { name: "Pay with •••• 4242" }).click();
    await page.getByText("Invoice paid").waitFor();
  },
  PATIENCE,
);

test(
  "the control page turns time, fails payments, refunds, disputes and disturbs deliveries",
  async () => {
    const { customer, session } = await checkout();
    world.sandbox.control.payCheckout(session.id);
    await page.goto(`${world.sandbox.url}/sandbox`);
    await isSound("control with a customer");
    const press = async (name: string) => {
      await page.getByRole("button", { name, exact: true }).first().click();
      await page.getByRole("heading", { name: "Sandbox control" }).waitFor();
    };
    await press("Fail the next 10 payments");
    await press("+ 1 month");
    await press("+ 1 hour");
    expect((await stripe.subscriptions.list({ customer: customer.id })).data[0]?.status).toBe("past_due");
    await press("Fail none");
    await page.getByLabel("Code to type at a checkout").fill("HALF");
    await press("Make this code");
    await page.getByText("HALF: 50 % off, once").waitFor();
    await page.getByLabel("Code to type at a checkout").fill("half");
    await press("Make this code");
    await page.getByRole("alert").filter({ hasText: "already exists" }).waitFor();
    // What was refused leaves nothing behind.
    expect((await stripe.coupons.list()).data.map((coupon) => coupon.percent_off)).toEqual([50]);
    await press("+ 1 week");
    expect((await stripe.subscriptions.list({ customer: customer.id })).data[0]?.status).toBe("active");
    await page
      .getByRole("button", { name: /^Refund/ })
      .first()
      .click();
    await page.getByText("refunded", { exact: true }).waitFor();
    await page
      .getByRole("button", { name: /^Dispute/ })
      .first()
      .click();
    await page.getByRole("button", { name: /^Win dispute/ }).click();
    await press("Duplicate");
    await press("Shuffle");
    await press("Hold");
    await press("Drop the next 5");
    expect(world.sandbox.control.deliveries.mode()).toEqual({ hold: true, drop: 5, duplicate: true, shuffle: true });
    await isSound("control in disorder");
    await press("+ 1 year");
    expect((await stripe.invoices.list({ customer: customer.id, limit: 100 })).data.length).toBeGreaterThan(12);
  },
  PATIENCE,
);
