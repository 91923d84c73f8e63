import type { Page } from "@playwright/test";
import { linkInMail, planNow } from "./people.ts";
import { atStripe, cardGoesBad, control, payWith, untilPastDue } from "./stripe.ts";
import { expect, test } from "./test.ts";

const good = "4242 4242 4242 4242";

const centsIn = (words: string): number => Math.round(Number(/\$([\d,.]+)/.exec(words)?.[1]?.replace(",", "")) * 100);

const banner = (page: Page) => page.getByRole("complementary", { name: "A payment is open" });

test("a subscription from its first day to its last, on the page and at Stripe", async ({ signUp, request }) => {
  // Half a minute of work; a busy machine may take longer.
  test.setTimeout(300_000);
  const person = await signUp();
  const { page, context } = person;

  await test.step("upgrade: Pro by the month", async () => {
    await page.goto("/home");
    await page.getByRole("button", { name: "Your plan: Free. See plans" }).click();
    await expect(page.getByRole("dialog")).toContainText("$29 a month");
    await page.getByRole("button", { name: "Go on with Pro" }).click();
    await payWith(page, good);
    await expect(page.getByRole("heading", { name: "You are on Pro" })).toBeVisible();
    const { subscription, invoices } = await atStripe(person);
    expect(subscription).toMatchObject({ status: "active", price: "charlie_pro_monthly" });
    expect(invoices).toMatchObject([{ status: "paid", total: 2900 }]);
  });

  await test.step("switch to Team in mid-month: the amount is shown before it is agreed to, and that is what is charged", async () => {
    await control(person, "clock", { days: 15 });
    await page.goto("/settings/billing");
    await page.getByRole("button", { name: "Change plan" }).click();
    const dialogue = page.getByRole("dialog", { name: "Change plan" });
    const charged = dialogue.getByText("Charged now").locator("..");
    await expect(charged).toContainText("$");
    const shown = centsIn(await charged.innerText());
    await expect(dialogue).toContainText("$79 a month, for the first time on");
    await expect(dialogue).toContainText("Unused time on");
    expect((await atStripe(person)).subscription.price, "nothing is changed by looking").toBe("charlie_pro_monthly");
    await dialogue.getByRole("button", { name: /^Switch and pay/ }).click();
    await expect(page.getByRole("main")).toContainText("$79 per month");
    await expect(page.getByRole("button", { name: "Your plan: Team. See plans" })).toBeVisible();
    const { subscription, invoices } = await atStripe(person);
    expect(subscription.price).toBe("charlie_team_monthly");
    expect(invoices[0]).toMatchObject({ status: "paid", billing_reason: "subscription_update" });
    expect(shown).toBeGreaterThan(2_000);
    expect(invoices[0]!.total).toBe(shown);
  });

  await test.step("the renewal cannot be paid: every page says so, and until when there is time", async () => {
    await cardGoesBad(person);
    await control(person, "clock", { days: 17 });
    await untilPastDue(person);
    await page.goto("/home");
    await expect(banner(page)).toContainText("The payment of $79 did not go through.");
    await expect(banner(page)).toContainText(/You keep Team until \w+ \d+, \d{4}/);
    await page.goto("/usage");
    await expect(banner(page)).toBeVisible();
    expect(await planNow(person)).toBe("team");
    const { subscription, invoices } = await atStripe(person);
    expect(subscription.status).toBe("past_due");
    expect(invoices[0]).toMatchObject({ status: "open", amount_remaining: 7900 });
    await expect
      .poll(async () =>
        (await (await request.get("/mail")).text())
          .split("<article")
          .some((letter) => letter.includes(person.email) && letter.includes("A payment did not go through")),
      )
      .toBe(true);
  });

  await test.step("paid in another window with another card: the page notices and says thank you", async () => {
    const opens = context.waitForEvent("page");
    await banner(page).getByRole("link", { name: "Pay now" }).click();
    const invoice = await opens;
    await payWith(invoice, good, "Pay $79");
    await expect(invoice.getByText("paid", { exact: true }).first()).toBeVisible();
    await invoice.close();
    await page.bringToFront();
    await page.evaluate("window.dispatchEvent(new Event('focus'))");
    await expect(page.getByText("Thank you, the payment went through. Team goes on.")).toBeVisible();
    await expect(banner(page)).toBeHidden();
    const { subscription, invoices } = await atStripe(person);
    expect(subscription.status).toBe("active");
    expect(invoices[0]).toMatchObject({ status: "paid", amount_remaining: 0 });
  });

  const cancel = async () => {
    await page.getByRole("button", { name: "Cancel plan" }).click();
    await page.getByRole("button", { name: "Cancel subscription" }).click();
    await expect(page.getByText(/^Team ends on .* After that you are on Free: nothing is deleted\./)).toBeVisible();
    expect((await atStripe(person)).subscription).toMatchObject({ status: "active", cancel_at: expect.any(Number) });
  };

  await test.step("cancelled, and taken back", async () => {
    await page.goto("/settings/billing");
    await cancel();
    expect(await planNow(person)).toBe("team");
    await page.getByRole("button", { name: "Keep Team" }).click();
    await expect(page.getByText("Team goes on.", { exact: true })).toBeVisible();
    await expect(page.getByText(/^Renews on .* for \$79/)).toBeVisible();
    expect((await atStripe(person)).subscription).toMatchObject({ status: "active", cancel_at: null });
  });

  await test.step("cancelled again, it ends with its month", async () => {
    await cancel();
    await control(person, "clock", { days: 32 });
    await expect.poll(() => planNow(person), { timeout: 20_000 }).toBe("free");
    await page.reload();
    await expect(page.getByText("Team ended, and you are on Free. Nothing was deleted.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Your plan: Free. See plans" })).toBeVisible();
    await expect(page.getByRole("button", { name: "See what Pro gives" })).toBeVisible();
    expect((await atStripe(person)).subscription.status).toBe("canceled");
  });
});

test("ended at once, after reading what that takes away", async ({ signUp }) => {
  const person = await signUp();
  const { page } = person;
  await page.goto("/home?plan=team");
  await page.getByRole("button", { name: "Go on with Team" }).click();
  await payWith(page, good);
  await expect(page.getByRole("heading", { name: "You are on Team" })).toBeVisible();
  await page.goto("/settings/billing");
  await page.getByRole("button", { name: "Cancel plan" }).click();
  await page.getByRole("button", { name: "Cancel subscription" }).click();
  await page.getByRole("button", { name: "End Team now" }).click();
  const dialogue = page.getByRole("dialog", { name: "End Team now?" });
  await expect(dialogue).toContainText("is not paid back");
  await page.keyboard.press("Escape");
  await expect(dialogue).toBeHidden();
  expect((await atStripe(person)).subscription.status).toBe("active");
  await page.getByRole("button", { name: "End Team now" }).click();
  await dialogue.getByRole("button", { name: "End Team now" }).click();
  await expect(page.getByText("Team ended, and you are on Free. Nothing was deleted.")).toBeVisible();
  expect((await atStripe(person)).subscription.status).toBe("canceled");
});

test("a plan by the year, chosen on the pricing page, is still chosen after sign-up and the letter", async ({
  page,
  request,
}) => {
  const email = `yearly-${Date.now()}@example.org`;
  await page.goto("/pricing");
  await page.getByRole("radio", { name: /^By the year/ }).check();
  await page.getByRole("link", { name: "Choose Pro" }).click();
  await expect(page.getByText("You chose Pro at $290 a year.")).toBeVisible();
  await page.getByLabel("Your name").fill("Yana Yearly");
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill("three words in a row");
  await page.getByRole("button", { name: "Create my account" }).click();
  await expect(page.getByRole("heading", { name: "Who is he?" })).toBeVisible();
  await page.goto(await linkInMail(request, email, "verify-email"));
  await page.getByRole("link", { name: "Go on with Pro" }).click();
  await expect(page.getByRole("dialog")).toContainText("$290 a year: two months free");
  await page.getByRole("button", { name: "Go on with Pro" }).click();
  await expect(page.getByText("$290.00").first()).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the pricing page shows both prices, and the choice leads to sign-up with it", async ({ page }) => {
    await page.goto("/pricing");
    await expect(page.getByText("or $290 a year: two months free")).toBeVisible();
    await expect(page.getByRole("link", { name: "Choose Pro" })).toHaveAttribute("href", /plan=pro&interval=month$/);
    await page.getByRole("radio", { name: /^By the year/ }).check();
    await expect(page.getByText("two months free; or $29 a month")).toBeVisible();
    await expect(page.getByRole("link", { name: "Choose Pro" })).toHaveAttribute("href", /plan=pro&interval=year$/);
  });
});
