import type { Page } from "@playwright/test";
import { linkInMail, messagesToday, planNow, useUp } from "./people.ts";
import { payWith } from "./stripe.ts";
import { expect, test } from "./test.ts";

const email = `journey-${Date.now()}@example.org`;
const [first, second] = ["three words in a row", "four words in a row"];

const answers = (page: Page) => page.getByRole("region", { name: /^Chat with/ }).locator("ol:not(ol ol) > li");
const composer = (page: Page) => page.getByRole("textbox", { name: /^Ask Bruno/ });
const preview = (page: Page) => page.getByRole("region", { name: "Preview" });

async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** The last answer has ended: it can be asked for once more. */
const ended = (page: Page) => expect(page.getByRole("button", { name: "Try again" })).toBeVisible({ timeout: 15_000 });

test("from the first page to a paid plan and back in again", async ({ page, context, trouble, request }) => {
  // Twenty seconds of work; a busy machine may take longer.
  test.setTimeout(300_000);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const person = { api: context.request };

  await test.step("prices, then an account", async () => {
    await page.goto("/");
    await page.getByRole("link", { name: "See prices" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.getByRole("link", { name: "Start free" }).last().click();
    await page.getByLabel("Your name").fill("Anna Journey");
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("textbox", { name: "Password" }).fill(first);
    await page.getByRole("button", { name: "Create my account" }).click();
    await expect(page.getByRole("heading", { name: "Who is he?" })).toBeVisible();
  });

  await test.step("the address is confirmed by the letter on the mail page", async () => {
    await expect(page.getByText(`letter that we sent to ${email}`)).toBeVisible();
    await linkInMail(request, email, "verify-email");
    const mailbox = await context.newPage();
    await mailbox.goto("/mail");
    const letter = mailbox.getByRole("article").filter({ hasText: email });
    await letter.getByRole("link", { name: "Confirm my address" }).click();
    await expect(mailbox.getByRole("heading", { name: "Thank you" })).toBeVisible();
    await mailbox.getByRole("link", { name: "Go on" }).click();
    await expect(mailbox.getByText(`Hello, Anna`)).toBeVisible();
    await expect(mailbox.getByText("Please confirm your address")).toBeHidden();
    await mailbox.close();
  });

  await test.step("the wizard: a ready-made start, changed, with a preview, kept over a reload", async () => {
    await page.getByRole("button", { name: /^Customer support/ }).click();
    const who = page.getByRole("textbox", { name: "Who is he?" });
    await expect(who).toHaveValue(/You are the customer support of/);
    await who.fill((await who.inputValue()).replace("[name of your business]", "Elm Street Bicycles"));
    await expect(preview(page).getByText("Elm Street Bicycles").first()).toBeVisible();

    await page.getByRole("button", { name: "Next: his rules" }).click();
    await expect(page.getByRole("heading", { name: "What are his rules?" })).toBeFocused();
    const rules = page.getByRole("textbox", { name: "What are his rules?" });
    await rules.fill("Keep it short.");
    await page.reload();
    await expect(rules).toHaveValue("Keep it short.");

    await page.getByRole("button", { name: "Next: his tricks" }).click();
    const tricks = page.getByRole("textbox", { name: "What tricks does he know?" });
    await tricks.press("ControlOrMeta+End");
    await tricks.pressSequentially("\nRepairs: A repair takes three working days.");
    await page.goBack();
    await expect(rules).toHaveValue("Keep it short.");
    await page.goForward();
    await expect(tricks).toHaveValue(/A repair takes three working days\.$/);
    await preview(page).getByRole("textbox", { name: "Ask him something" }).fill("How long does a repair take?");
    await preview(page).getByRole("button", { name: "Ask" }).click();
    await expect(preview(page).getByText("three working days").first()).toBeVisible();
    await expect(preview(page).getByText("From his tricks")).toBeVisible();

    await page.getByRole("button", { name: "Next: his name" }).click();
    await page.getByLabel("What is his name?").fill("Bruno");
    await page.getByRole("button", { name: "Meet Bruno" }).click();
    await expect(page.getByRole("heading", { name: "Bruno", level: 1 })).toBeVisible();
    expect(await messagesToday(person)).toBe(0);
  });

  const agentId = /\/agents\/([^/?]+)/.exec(page.url())![1]!;

  await test.step("ask; why did he say that; thumbs; copy; once more; another question instead", async () => {
    await send(page, "How long does a repair take?");
    await expect(answers(page)).toHaveCount(2);
    await expect(answers(page).last()).toContainText("three working days");
    await ended(page);
    await page.getByRole("button", { name: "Why did he say that?" }).click();
    await expect(answers(page).last().getByRole("listitem").first()).toContainText(
      "A repair takes three working days.",
    );

    await page.getByRole("button", { name: "Not a good answer" }).click();
    await page.getByRole("textbox", { name: "What was not right?" }).fill("It takes four by now.");
    await page.getByRole("button", { name: "Keep note" }).click();
    await expect(page.getByText("Your note is kept with the answer.")).toBeVisible();
    await page.reload();
    await expect(page.getByRole("button", { name: "Not a good answer" })).toHaveAttribute("aria-pressed", "true");

    await page.getByRole("button", { name: "Copy" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain("three working days");

    await page.getByRole("button", { name: "Try again" }).click();
    // Another answer, which nobody has judged; how long it could have been stopped is the machine's affair.
    await expect(page.getByRole("button", { name: "Not a good answer" })).toHaveAttribute("aria-pressed", "false");
    await ended(page);
    await expect(answers(page)).toHaveCount(2);

    await page.getByRole("button", { name: "Edit this question" }).click();
    await page.getByRole("textbox", { name: "Your question, changed" }).fill("What does delivery cost?");
    await page.getByRole("textbox", { name: "Your question, changed" }).press("Enter");
    await expect(answers(page).last()).toContainText("Delivery costs $5");
    await ended(page);
    await expect(page.getByText("How long does a repair take?", { exact: true })).toBeHidden();
    await expect(answers(page)).toHaveCount(2);
  });

  await test.step("a key for a real brain, typed on the settings page", async () => {
    await page.getByRole("button", { name: "Practice brain" }).click();
    await page.getByRole("link", { name: "Give him a real brain" }).click();
    const openai = page.getByRole("region", { name: "OpenAI", exact: true });
    await openai.getByRole("button", { name: "Add a key" }).click();
    await openai.getByRole("textbox", { name: "Key" }).fill("sk-bad-0001");
    trouble.expect(/^\d+ PUT .*ai-keys\/openai$/);
    await openai.getByRole("button", { name: "Check and save" }).click();
    await expect(openai.getByText(/said no|does not|not accept|refused|wrong/i).first()).toBeVisible();
    await openai.getByRole("textbox", { name: "Key" }).fill("sk-stand-in-7777");
    await openai.getByRole("button", { name: "Check and save" }).click();
    await expect(openai.getByText("7777")).toBeVisible();
  });

  await test.step("stop in mid-answer keeps what came", async () => {
    await page.goto(`/agents/${agentId}`);
    await send(page, "Count for me [slow]");
    await expect(answers(page).last()).toContainText(/1 2 3 4/);
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(answers(page).last().getByText("Stopped")).toBeVisible();
    await expect(answers(page).last()).toContainText(/1 2 3 4/);
  });

  await test.step("reload in mid-answer, and a second tab: both see the end", async () => {
    await send(page, "Count a little [slow-80]");
    await expect(answers(page).last()).toContainText(/1 2 3/);
    const tab = await context.newPage();
    await tab.goto(page.url());
    await page.reload();
    for (const each of [page, tab]) {
      await ended(each);
      await expect(answers(each).last()).toContainText(/1 2 3 4 .* 79 80/);
    }
    await tab.close();
  });

  await test.step("the day's last message; the dialogue keeps the next question", async () => {
    await useUp(person, agentId, { left: 1 });
    await page.reload();
    await expect(page.getByText("1 message left today")).toBeVisible();
    await send(page, "One more");
    await expect(answers(page).last()).toContainText("You said: One more");
    trouble.expect(/^402 POST .*messages$/);
    await send(page, "Do you also repair wheels?");
    const dialogue = page.getByRole("dialog", { name: "That was today’s last message" });
    await expect(dialogue).toContainText("100 of 100 messages used today.");
    await expect(dialogue).toContainText("$29 a month");
    await dialogue.getByRole("button", { name: "Close" }).click();
    await expect(composer(page)).toHaveValue("Do you also repair wheels?");
    expect(await messagesToday(person)).toBe(100);
  });

  await test.step("pay: a declined card, then a good one", async () => {
    await composer(page).press("Enter");
    await page.getByRole("button", { name: "Go on with Pro" }).click();
    await expect(page.getByRole("heading", { name: /^Subscribe to/ })).toBeVisible();
    await payWith(page, "4000 0000 0000 0002");
    await expect(page.getByRole("alert")).toContainText("declined");
    expect(await planNow(person)).toBe("free");
    await payWith(page, "4242 4242 4242 4242");
    await expect(page.getByRole("heading", { name: "You are on Pro" })).toBeVisible();
    await page.getByRole("button", { name: "Go on where I was" }).click();
    await expect(composer(page)).toHaveValue("Do you also repair wheels?");
    await composer(page).press("Enter");
    await expect(answers(page).last()).toContainText("You said: Do you also repair wheels?");
    await expect(page.getByRole("button", { name: "Your plan: Pro. See plans" })).toBeVisible();
  });

  await test.step("billing: plan, period, invoice; cancelled and taken back", async () => {
    await page.goto("/settings/billing");
    await expect(page.getByText(/^Renews on .* for \$29/)).toBeVisible();
    await expect(page.getByText(/^Paid from .* to /)).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: "Paid" })).toContainText("$29");
    await page.getByRole("button", { name: "Cancel plan" }).click();
    await page.getByRole("button", { name: "Cancel subscription" }).click();
    await expect(page.getByText(/^Pro ends on .* After that you are on Free: nothing is deleted\./)).toBeVisible();
    expect(await planNow(person)).toBe("pro");
    await page.getByRole("button", { name: "Keep Pro" }).click();
    await expect(page.getByText("Pro goes on.", { exact: true })).toBeVisible();
    await expect(page.getByText(/^Renews on .* for \$29/)).toBeVisible();
  });

  await test.step("usage in numbers", async () => {
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("menuitem", { name: "Usage" }).click();
    await expect(page.getByRole("heading", { name: "Usage" })).toBeVisible();
    await expect(page.getByRole("main")).toContainText(/101/);
    await expect(page.getByRole("main")).toContainText(/1,000/);
  });

  await test.step("out, a new password by letter, and in again", async () => {
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
    await page.getByRole("link", { name: "I don’t know it any more" }).click();
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("button", { name: "Send me the link" }).click();
    await expect(page.getByText("a letter with a link is on its way")).toBeVisible();
    await page.goto(await linkInMail(request, email, "reset-password"));
    await page.getByRole("textbox", { name: "New password" }).fill(second);
    await page.getByRole("button", { name: "Set it" }).click();
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("textbox", { name: "Password" }).fill(first);
    trouble.expect(/^401 POST \/api\/auth\/sign-in\/email$/);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("That didn't match")).toBeVisible();
    await page.getByRole("textbox", { name: "Password" }).fill(second);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("Hello, Anna")).toBeVisible();
    await expect(page.getByRole("link", { name: "Bruno" })).toBeVisible();
  });
});
