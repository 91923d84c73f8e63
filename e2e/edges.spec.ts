import type { Page } from "@playwright/test";
import { layLine } from "./line.ts";
import { giveKey, messagesToday, type Person, teach } from "./people.ts";
import { expect, test } from "./test.ts";

const field = (page: Page) => page.getByRole("textbox", { name: "Ask Bruno" });
const thread = (page: Page) => page.getByRole("region", { name: "Chat with Bruno" }).locator("ol:not(ol ol) > li");
const ended = (page: Page) => expect(page.getByRole("button", { name: "Try again" })).toBeVisible({ timeout: 20_000 });

/** Somebody on the page of an agent who thinks with the stand-in brain; returns the agent's id. */
async function inPlayground(person: Person): Promise<string> {
  const { id } = await teach(person);
  await giveKey(person);
  await person.page.goto(`/agents/${id}`);
  return id;
}

async function send(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press("Enter");
}

test("a double click on Send asks once", async ({ signUp }) => {
  const person = await signUp();
  await inPlayground(person);
  const { page } = person;
  await field(page).fill("Hello there");
  await page.getByRole("button", { name: "Send" }).dblclick();
  await ended(page);
  await expect(thread(page)).toHaveCount(2);
  expect(await messagesToday(person)).toBe(1);
});

test("two tabs in one chat: the second waits, keeps its words, and sees the first one's answer", async ({
  signUp,
  trouble,
}) => {
  const person = await signUp();
  await inPlayground(person);
  const { page, context } = person;
  await send(page, "Hello");
  await ended(page);
  const tab = await context.newPage();
  await tab.goto(page.url());
  await ended(tab);
  await send(page, "Count [slow-60]");
  await expect(thread(page).last()).toContainText("1 2 3");
  trouble.expect(/^409 POST .*\/messages$/);
  await send(tab, "And now me");
  await expect(tab.getByText("Bruno is still answering")).toBeVisible();
  await expect(field(tab)).toHaveValue("And now me");
  for (const each of [page, tab]) {
    await ended(each);
    await expect(thread(each).last()).toContainText(/1 2 3 .* 59 60/);
  }
  await field(tab).press("Enter");
  await expect(thread(tab).last()).toContainText("You said: And now me");
  expect(await messagesToday(person)).toBe(3);
});

test("the line breaks in mid-answer: the page picks the answer up again", async ({ signUp, baseURL }) => {
  const person = await signUp();
  const id = await inPlayground(person);
  const { page } = person;
  const line = await layLine(baseURL!);
  await page.goto(`${line.url}/agents/${id}`);
  await send(page, "Count [slow-100]");
  await expect(thread(page).last()).toContainText("1 2 3");
  line.cut();
  await expect(page.getByText("The connection broke.")).toBeVisible();
  line.mend();
  await ended(page);
  await expect(thread(page).last()).toContainText(/1 2 3 .* 99 100/);
  await expect(thread(page)).toHaveCount(2);
  expect(await messagesToday(person)).toBe(1);
  await line.close();
});

test("a question that finds no line is kept, and asked again it counts once", async ({ signUp, baseURL }) => {
  const person = await signUp();
  const id = await inPlayground(person);
  const { page } = person;
  const line = await layLine(baseURL!);
  await page.goto(`${line.url}/agents/${id}`);
  await expect(field(page)).toBeVisible();
  line.cut();
  await send(page, "Is anybody there?");
  await expect(page.getByText("Your question is kept below.")).toBeVisible();
  await expect(field(page)).toHaveValue("Is anybody there?");
  line.mend();
  await field(page).press("Enter");
  await ended(page);
  await expect(thread(page)).toHaveCount(2);
  expect(await messagesToday(person)).toBe(1);
  await line.close();
});

test("a text that is too long stays in the field and says by how much", async ({ signUp }) => {
  const person = await signUp();
  await inPlayground(person);
  const { page } = person;
  await field(page).fill("a".repeat(8_010));
  await expect(page.getByText("That is 10 characters more than he can read at once.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
  await field(page).press("Enter");
  await expect(field(page)).toHaveValue("a".repeat(8_010));
  await field(page).fill("a".repeat(8_000));
  await field(page).press("Enter");
  await ended(page);
  expect(await messagesToday(person)).toBe(1);
});

test("an answer that breaks off costs nothing and can be asked for again", async ({ signUp }) => {
  const person = await signUp();
  await inPlayground(person);
  const { page } = person;
  await send(page, "Tell me [cut-after-3]");
  await ended(page);
  await expect(thread(page).last()).toContainText("did not count");
  expect(await messagesToday(person)).toBe(0);
  await page.getByRole("button", { name: "Edit this question" }).click();
  await page.getByRole("textbox", { name: "Your question, changed" }).fill("Tell me");
  await page.keyboard.press("Enter");
  await expect(thread(page).last()).toContainText("You said: Tell me");
  expect(await messagesToday(person)).toBe(1);
});

test("somebody else's agent is a friendly page that tells nothing", async ({ signUp, trouble, page }) => {
  const owner = await signUp();
  const { id } = await teach(owner);
  const other = await signUp();
  trouble.expect(/^404 GET \/api\/v1\/agents\//, /^401 GET \/api\/v1\/me$/);
  await other.page.goto(`/agents/${id}/teach`);
  await expect(other.page.getByRole("heading", { name: "Charlie looked everywhere" })).toBeVisible();
  await expect(other.page.getByText("Bruno")).toBeHidden();
  await page.goto(`/agents/${id}`);
  await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
});

test("no room for a fourth agent: the draft is kept until there is", async ({ signUp, trouble }) => {
  const person = await signUp();
  for (const name of ["Nala", "Oskar", "Luna"]) await teach(person, { name });
  const { page } = person;
  await page.goto("/teach");
  await expect(page.getByText("All 3 agents of your plan are taken")).toBeVisible();
  await page.getByRole("textbox", { name: "Who is he?" }).fill("You are Pepper, who knows the way.");
  await page.goto("/teach?step=name");
  await page.getByRole("textbox", { name: "What is his name?" }).fill("Pepper");
  trouble.expect(/^402 POST \/api\/v1\/agents$/);
  await page.getByRole("button", { name: "Meet Pepper" }).click();
  const dialogue = page.getByRole("dialog", { name: "You have all the agents of your plan" });
  await expect(dialogue).toContainText("3 of 3 agents used.");
  await page.keyboard.press("Escape");
  await expect(dialogue).toBeHidden();
  await page.reload();
  await expect(page.getByRole("textbox", { name: "What is his name?" })).toHaveValue("Pepper");

  await page.goto("/home");
  await page.getByRole("button", { name: "More about Oskar" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("Oskar is deleted.")).toBeVisible();
  await page.goto("/teach?step=name");
  await page.getByRole("button", { name: "Meet Pepper" }).click();
  await expect(page.getByRole("heading", { name: "Pepper", level: 1 })).toBeVisible();
});

test("a deleted agent comes back with what he said", async ({ signUp }) => {
  const person = await signUp();
  await inPlayground(person);
  const { page } = person;
  await send(page, "Remember this");
  await ended(page);
  await page.getByRole("button", { name: "More about Bruno" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("Hello, Anna")).toBeVisible();
  await expect(page.getByRole("link", { name: "Bruno" })).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "Bruno" }).click();
  await page.getByRole("link", { name: /^Remember this/ }).click();
  await expect(thread(page).last()).toContainText("You said: Remember this");
});

test("a session that ended: after signing in one is back where one was, with the words kept", async ({
  signUp,
  trouble,
}) => {
  const person = await signUp();
  const id = await inPlayground(person);
  const { page, context } = person;
  await send(page, "Hello");
  await ended(page);
  const before = page.url();
  await context.clearCookies();
  trouble.expect(/^401 /);
  await send(page, "Are you still there?");
  await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("textbox", { name: "Password" }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(before);
  await expect(field(page)).toHaveValue("Are you still there?");
  await expect(thread(page)).toHaveCount(2);

  await page.goto(`/agents/${id}/teach`);
  const tricks = page.getByRole("textbox", { name: "What tricks does he know?" });
  await tricks.fill("We are closed in August.");
  await context.clearCookies();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("textbox", { name: "Password" }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(tricks).toHaveValue("We are closed in August.");
});
