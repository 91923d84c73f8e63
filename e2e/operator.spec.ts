import type { Subscription } from "@charlie/contract";
import { demoPerson, planNow } from "./people.ts";
import { subscribe } from "./stripe.ts";
import { expect, test } from "./test.ts";

test("whoever runs the service sees a sale arrive, finds the customer, replays an event, compares with Stripe, and plans", async ({
  browser,
  baseURL,
  signUp,
  trouble,
}) => {
  const operator = await demoPerson(browser, { baseURL: baseURL! });
  trouble.watch(operator.context);
  const { page } = operator;
  const mrr = async () => {
    const answer = (await (await operator.api.get("/api/v1/admin/revenue")).json()) as { mrrMicros: number };
    return answer.mrrMicros / 1_000_000;
  };
  const before = await mrr();
  const person = await signUp();
  await subscribe(person);

  await page.goto("/home");
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("menuitem", { name: "Operator" }).click();
  await expect(page.getByRole("heading", { name: "Month by month" })).toBeVisible();
  expect(await mrr()).toBe(before + 29);
  await expect(page.getByRole("region", { name: "Now" })).toContainText(`$${(before + 29).toFixed(2)}`);

  const rooms = page.getByRole("navigation", { name: "Operator" });
  await rooms.getByRole("link", { name: "Customers" }).click();
  await page.getByRole("textbox", { name: "Search" }).fill(person.email);
  await page.keyboard.press("Enter");
  const rows = page.getByRole("row").filter({ hasText: "@" });
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("Pro, by the month");
  await rows.getByRole("link").click();
  await expect(page.getByText("Opened the payment page")).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "paid" })).toContainText("$29");

  await page.getByRole("link", { name: "What Stripe sent about them" }).click();
  await page.getByRole("link", { name: "invoice.paid", exact: true }).click();
  await expect(page.getByRole("region", { name: "What Stripe wrote" })).toContainText(person.email);
  await page.getByRole("button", { name: "Replay" }).click();
  await expect(page.getByText("It is worked on again.")).toBeVisible();
  expect(await planNow(person)).toBe("pro");

  await rooms.getByRole("link", { name: "Differences" }).click();
  await page.getByRole("button", { name: "Compare now" }).click();
  await expect(page.getByText(/^Last compared on/)).toBeVisible({ timeout: 30_000 });
  const { status } = (await (await person.api.get("/api/v1/billing/subscription")).json()) as Subscription;
  expect(status).toBe("active");

  await rooms.getByRole("link", { name: "Planning" }).click();
  const plan = page.getByRole("group", { name: "Plan A" });
  await expect(plan).toContainText("$1,265");
  await plan.getByRole("textbox", { name: "Users" }).fill("200");
  await expect(plan).toContainText("$2,530");
  await operator.context.close();
});

test("to everybody else there is nothing: no entry, no page, no interface", async ({ signUp, trouble }) => {
  const { page, api } = await signUp();
  await page.goto("/home");
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByRole("menuitem", { name: "Settings" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Operator" })).toBeHidden();
  trouble.expect(/^404 GET \/admin/);
  for (const path of ["/admin", "/admin/customers", "/no-such-page"]) {
    const answer = await page.goto(path);
    expect([path, answer?.status()]).toEqual([path, 404]);
    await expect(page).toHaveTitle(/^Not found/);
  }
  trouble.expect(/^404 GET \/no-such-page/);
  expect((await api.get("/api/v1/admin/customers")).status()).toBe(404);
});
