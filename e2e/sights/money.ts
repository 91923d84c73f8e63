import { expect } from "@playwright/test";
import { checkoutUrl, invoiceUrl, portalUrl, stripeUrl } from "../stripe.ts";
import { agentPage, heading, type Sight, words } from "./sight.ts";

/** Limits, plans and payment, with the pages of the local Stripe. */
export const moneySights: readonly Sight[] = [
  {
    name: "billing-free",
    who: "builder",
    route: "/settings/billing",
    path: "/settings/billing",
    ready: heading("Invoices"),
  },
  {
    name: "upgrade-dialogue",
    who: "builder",
    path: "/home",
    ready: async (page) => {
      await page.getByRole("button", { name: "Your plan: Free. See plans" }).click();
      await expect(page.getByRole("button", { name: "Go on with Pro" })).toBeVisible();
    },
  },
  {
    name: "stripe-checkout",
    who: "builder",
    path: ({ person }) => checkoutUrl(person),
    ready: heading(/^Subscribe to/),
  },

  {
    name: "limit-reached",
    who: "full",
    path: agentPage(""),
    refused: /^402 POST .*\/duplicate$/,
    ready: async (page) => {
      await page.getByRole("button", { name: "More about Bruno" }).click();
      await page.getByRole("menuitem", { name: "Duplicate" }).click();
      await expect(page.getByRole("dialog").getByRole("button", { name: "Go on with Pro" })).toBeVisible();
    },
  },

  {
    name: "spend-cap-met",
    who: "spender",
    path: agentPage(""),
    refused: /^402 POST .*\/messages$/,
    ready: async (page) => {
      await page.getByRole("textbox", { name: /^Ask Bruno/ }).fill("What does delivery cost?");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("dialog").getByRole("link", { name: "Raise the cap" })).toBeVisible();
    },
  },

  {
    name: "after-payment-waiting",
    who: "payer",
    path: "/billing/success?session_id=cs_test_1",
    ready: async (page) => {
      await page.route("**/api/v1/billing/**", () => {});
      await page.reload();
      await expect(page.getByRole("heading", { name: "Thank you!" })).toBeVisible();
    },
  },
  {
    name: "after-payment",
    who: "payer",
    route: "/billing/success",
    path: "/billing/success?session_id=cs_test_1",
    ready: heading("You are on Pro"),
  },
  {
    name: "billing-pro",
    who: "payer",
    path: "/settings/billing",
    ready: words(/^Renews on/),
  },
  { name: "stripe-portal", who: "payer", path: ({ person }) => portalUrl(person, "home"), ready: heading("Billing") },
  {
    name: "stripe-cancel",
    who: "payer",
    path: ({ person }) => portalUrl(person, "cancel"),
    ready: heading("Cancel your plan"),
  },
  {
    name: "stripe-card",
    who: "payer",
    path: ({ person }) => portalUrl(person, "card"),
    ready: async (page) => expect(page.getByLabel("Card number")).toBeVisible(),
  },
  {
    name: "stripe-invoice",
    who: "payer",
    path: ({ person }) => invoiceUrl(person),
    ready: async (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible(),
  },
  {
    name: "stripe-control",
    who: "payer",
    path: () => stripeUrl("/sandbox"),
    ready: async (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible(),
  },

  {
    name: "change-plan",
    who: "payer",
    path: "/settings/billing",
    ready: async (page) => {
      await page.getByRole("button", { name: "Change plan" }).click();
      await expect(page.getByRole("dialog").getByText(/From then on/)).toBeVisible();
    },
  },
  {
    name: "change-plan-year",
    who: "payer",
    path: "/settings/billing",
    ready: async (page) => {
      await page.getByRole("button", { name: "Change plan" }).click();
      const dialogue = page.getByRole("dialog");
      await dialogue.getByText("Pro", { exact: true }).first().click();
      await dialogue.getByText("By the year").click();
      await expect(dialogue.getByText(/\$290 a year, for the first time/)).toBeVisible();
    },
  },
  {
    name: "upgrade-dialogue-payer",
    who: "payer",
    path: "/home",
    ready: async (page) => {
      await page.getByRole("button", { name: "Your plan: Pro. See plans" }).click();
      await expect(page.getByRole("dialog").getByRole("button", { name: /^Switch and pay/ })).toBeVisible();
    },
  },
  {
    name: "upgrade-dialogue-year",
    who: "builder",
    path: "/home?plan=team&interval=year",
    ready: words("$790 a year: two months free"),
  },
  {
    name: "switch-payment-due",
    who: "debtor",
    path: "/home",
    refused: /^409 POST .*\/billing\/preview$/,
    ready: async (page) => {
      await page.getByRole("button", { name: "Your plan: Pro. See plans" }).click();
      await expect(page.getByText("One payment is still open")).toBeVisible();
    },
  },
  {
    name: "switch-plan-ends",
    who: "leaver",
    path: "/home",
    refused: /^409 POST .*\/billing\/preview$/,
    ready: async (page) => {
      await page.getByRole("button", { name: "Your plan: Pro. See plans" }).click();
      await expect(page.getByRole("dialog").getByRole("button", { name: "Keep Pro" })).toBeVisible();
    },
  },
  { name: "billing-cancelled", who: "leaver", path: "/settings/billing", ready: words(/^Pro ends on/) },
  {
    name: "end-now",
    who: "leaver",
    path: "/settings/billing",
    ready: async (page) => {
      await page.getByRole("button", { name: "End Pro now" }).click();
      await expect(page.getByRole("dialog", { name: "End Pro now?" })).toBeVisible();
    },
  },
  { name: "billing-past-due", who: "debtor", path: "/settings/billing", ready: words(/did not go through/) },
  {
    name: "payment-banner",
    who: "debtor",
    path: agentPage(""),
    ready: async (page) => expect(page.getByRole("complementary", { name: "A payment is open" })).toContainText("$29"),
  },
  { name: "billing-fallen", who: "fallen", path: "/settings/billing", ready: words(/once it is paid, Pro is back/) },
  { name: "billing-ended", who: "former", path: "/settings/billing", ready: heading("What happened") },
];
