import { expect } from "@playwright/test";
import { heading, type Sight } from "./sight.ts";

/** The letters about money and limits, which the people of the world have got. */
const letters = [
  { name: "payment-failed", subject: /A payment did not go through/ },
  { name: "plan-ended", subject: /Your Pro plan has ended/ },
  { name: "receipt", subject: /Your receipt: \$29/ },
  { name: "limit-near", subject: /80 of today's 100 messages are used/ },
];

/** What anybody can see. */
export const publicSights: readonly Sight[] = [
  { name: "first-page", who: "stranger", path: "/", ready: heading(/Teach an AI agent/) },
  { name: "prices", who: "stranger", path: "/pricing", ready: heading("Pro") },
  {
    name: "prices-by-the-year",
    who: "stranger",
    path: "/pricing",
    ready: async (page) => {
      await page.getByRole("radio", { name: /^By the year/ }).check();
      await expect(page.getByText("$790").filter({ visible: true }).first()).toBeVisible();
    },
  },
  {
    name: "not-found",
    who: "stranger",
    path: "/no-such-page",
    ready: async (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible(),
    refused: /^404 GET \/no-such-page$/,
  },
  { name: "sign-in", who: "stranger", route: "/sign-in", path: "/sign-in", ready: heading("Welcome back") },
  {
    name: "sign-in-refused",
    who: "stranger",
    path: "/sign-in",
    refused: /^401 POST \/api\/auth\/sign-in\/email$/,
    ready: async (page) => {
      await page.getByLabel("E-mail").fill("nobody@example.org");
      await page.getByRole("textbox", { name: "Password" }).fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "sign-up",
    who: "stranger",
    route: "/sign-up",
    path: "/sign-up?plan=pro",
    ready: heading("Create an account"),
  },
  {
    name: "sign-up-errors",
    who: "stranger",
    path: "/sign-up",
    ready: async (page) => {
      await page.getByRole("button", { name: "Create my account" }).click();
      await expect(page.getByText("Please tell Charlie your name.")).toBeVisible();
    },
  },
  {
    name: "forgot-password",
    who: "stranger",
    route: "/forgot-password",
    path: "/forgot-password",
    ready: heading("Set a new password"),
  },
  {
    name: "reset-password",
    who: "stranger",
    route: "/reset-password",
    path: "/reset-password?token=none",
    ready: heading("Set a new password"),
  },
  {
    name: "reset-password-spent",
    who: "stranger",
    path: "/reset-password",
    ready: heading("This link has done its work"),
  },
  {
    name: "address-confirmed",
    who: "stranger",
    route: "/address-confirmed",
    path: "/address-confirmed",
    ready: heading("Thank you"),
  },
  {
    name: "address-not-confirmed",
    who: "stranger",
    path: "/address-confirmed?error=TOKEN_EXPIRED",
    ready: heading("This link is too old"),
  },
  { name: "help", who: "stranger", route: "/help", path: "/help", ready: heading("How do I teach Charlie?") },
  { name: "mail", who: "stranger", path: "/mail", ready: heading("Mail") },
  {
    name: "mail-letter",
    who: "stranger",
    path: "/mail",
    ready: async (page) => {
      await page.getByRole("link", { name: "as it looks in a mail program" }).first().click();
      await expect(page).toHaveURL(/\/mail\/./);
    },
  },
  ...letters.map(({ name, subject }): Sight => ({
    name: `mail-${name}`,
    who: "stranger",
    path: "/mail",
    ready: async (page) => {
      await page.getByRole("link", { name: subject }).first().click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(subject);
    },
  })),
  { name: "api-docs", who: "stranger", path: "/api/docs", ready: heading("Chat") },
];
