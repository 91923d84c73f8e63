import { tabTo } from "./keyboard.ts";
import { planNow } from "./people.ts";
import { expect, test } from "./test.ts";

test("from the sign-in page to a paid plan without a mouse", async ({ signUp }) => {
  const person = await signUp();
  const { page } = person;
  const { keyboard } = page;
  await person.context.clearCookies();

  await test.step("sign in", async () => {
    await page.goto("/sign-in");
    await expect(page.getByLabel("E-mail")).toBeFocused();
    await keyboard.type(person.email);
    await tabTo(page, page.getByRole("textbox", { name: "Password" }));
    await keyboard.type(person.password);
    await keyboard.press("Enter");
    await expect(page.getByText("Hello, Anna")).toBeVisible();
    await expect(page.getByRole("main")).toBeFocused();
  });

  await test.step("the skip link leads past the head", async () => {
    await page.reload();
    await tabTo(page, page.getByRole("link", { name: "Skip to the content" }), { most: 1 });
    await keyboard.press("Enter");
    await tabTo(page, page.getByRole("link", { name: "Teach Charlie", exact: true }), { most: 1 });
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Who is he?" })).toBeVisible();
  });

  await test.step("the wizard", async () => {
    await tabTo(page, page.getByRole("button", { name: /^Customer support/ }));
    await keyboard.press("Enter");
    const who = page.getByRole("textbox", { name: "Who is he?" });
    await expect(who).toBeFocused();
    // The first place to fill in is marked: typing replaces it.
    await keyboard.type("Elm Street Bicycles");
    await expect(who).toHaveValue(/^You are the customer support of Elm Street Bicycles\./);
    await keyboard.press("Control+Enter");
    await expect(page.getByRole("heading", { name: "What are his rules?" })).toBeFocused();
    await tabTo(page, page.getByRole("button", { name: "Next: his tricks" }));
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "What tricks does he know?" })).toBeFocused();
    await keyboard.press("Control+Enter");
    await expect(page.getByRole("heading", { name: "What is his name?" })).toBeFocused();
    await tabTo(page, page.getByRole("textbox", { name: "What is his name?" }));
    await keyboard.type("Bruno");
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Bruno", level: 1 })).toBeVisible();
  });

  const field = page.getByRole("textbox", { name: "Ask Bruno" });
  await test.step("the playground", async () => {
    await expect(field).toBeFocused();
    await keyboard.type("What does delivery");
    await keyboard.press("Shift+Enter");
    await keyboard.type("cost?");
    await expect(field).toHaveValue("What does delivery\ncost?");
    await keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible({ timeout: 15_000 });
    await expect(field).toBeFocused();
    await tabTo(page, page.getByRole("button", { name: "Why did he say that?" }), { back: true });
    await keyboard.press("Enter");
    await expect(page.getByText("What tricks does he know?")).toBeVisible();
    await tabTo(page, page.getByRole("button", { name: "Not a good answer" }), { back: true });
    await keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "What was not right?" })).toBeFocused();
    await keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Not a good answer" })).toBeFocused();
    await tabTo(page, field);
    await keyboard.press("ArrowUp");
    await expect(page.getByRole("textbox", { name: "Your question, changed" })).toHaveValue(
      "What does delivery\ncost?",
    );
    await keyboard.press("Escape");
    await expect(field).toHaveValue("");
  });

  await test.step("the upgrade dialogue", async () => {
    const badge = page.getByRole("button", { name: "Your plan: Free. See plans" });
    await tabTo(page, badge, { back: true });
    await keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Go on with Pro" })).toBeFocused();
    await keyboard.press("Escape");
    await expect(badge).toBeFocused();
    await keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Go on with Pro" })).toBeFocused();
    await keyboard.press("Enter");
  });

  await test.step("payment", async () => {
    await expect(page.getByRole("heading", { name: /^Subscribe to/ })).toBeVisible();
    await tabTo(page, page.getByLabel("Card number"));
    await keyboard.type("4242 4242 4242 4242");
    await tabTo(page, page.getByLabel("Expiration"));
    await keyboard.type("12 / 34");
    await tabTo(page, page.getByLabel("CVC"));
    await keyboard.type("123");
    await tabTo(page, page.getByLabel("Name on card"));
    await keyboard.type("Anna Tester");
    await tabTo(page, page.getByRole("button", { name: "Subscribe" }));
    await keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Go on where I was" })).toBeFocused();
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Bruno", level: 1 })).toBeVisible();
    expect(await planNow(person)).toBe("pro");
  });
});
