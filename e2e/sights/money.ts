import { expect } from "@playwright/test";
import { checkoutUrl, invoiceUrl, portalUrl, stripeUrl } from "../people.ts";
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
    name: "billing-past-due",
    who: "debtor",
    path: "/settings/billing",
    ready: words(/did not go through/),
  },
];
