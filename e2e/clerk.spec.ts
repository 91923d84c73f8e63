import { type Browser, type BrowserContext, type Page } from "@playwright/test";
import { clerkUser, startClerkStandIn, type ClerkStandIn } from "../server/test/stand-ins/clerk.ts";
import { answerForClerk, type ClerkInPage, clerkHost } from "./clerk-in-page.ts";
import { look } from "./looks.ts";
import { type Service, startService } from "./service.ts";
import { expect, type Trouble, test } from "./test.ts";

let clerk: ClerkStandIn;
let service: Service;
const boss = "boss@example.org";

test.beforeAll(async () => {
  // A whole service starts.
  test.setTimeout(240_000);
  clerk = await startClerkStandIn();
  service = await startService({ ...clerk.env, OPERATOR_EMAILS: boss });
});
test.afterAll(async () => {
  await service.stop();
  await clerk.close();
});

interface Visit {
  page: Page;
  context: BrowserContext;
  inPage: ClerkInPage;
  id: string;
}

/** A browser in which Clerk's host answers, for somebody who has an account at Clerk. */
async function visit(browser: Browser, trouble: Trouble, email?: string): Promise<Visit> {
  const person = clerkUser(email === undefined ? {} : { email });
  clerk.people.set(person.id, person);
  const context = await browser.newContext({ baseURL: service.url });
  trouble.watch(context);
  const inPage = await answerForClerk(context, clerk, { person: person.id, azp: service.url });
  return { page: await context.newPage(), context, inPage, id: person.id };
}

/** As after a night: the session's token ran out while nothing renewed it. */
const runOut = async ({ context, id }: Visit) => {
  const now = Math.floor(Date.now() / 1_000);
  const value = clerk.token(id, { azp: service.url, nbf: now - 600, iat: now - 600, exp: now - 540 });
  await context.addCookies([{ name: "__session", value, url: service.url }]);
};
const expiryOf = async ({ context }: Visit): Promise<number> => {
  const cookie = (await context.cookies()).find(({ name }) => name === "__session");
  const claims = JSON.parse(Buffer.from(cookie?.value.split(".")[1] ?? "", "base64url").toString()) as { exp: number };
  return claims.exp * 1_000;
};

test("an account by Clerk: in, working on with tokens that run out, and out", async ({ browser, trouble }) => {
  const visitor = await visit(browser, trouble, boss);
  const { page, inPage } = visitor;
  await page.goto("/sign-up?plan=pro");
  await expect(page.getByRole("heading", { name: "Create an account", level: 1 })).toBeVisible();
  await expect(page.getByText("You chose Pro at $29 a month.")).toBeVisible();
  // The page stands before Clerk's part of it is asked for.
  await expect.poll(() => inPage.asked.some((path) => path.endsWith("/clerk.browser.js"))).toBe(true);
  await page.getByRole("button", { name: "Continue with Clerk" }).click();
  await expect(page).toHaveURL(/\/teach\?plan=pro$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

  // A page that stays open: what it asks for with an old token is asked for again with a fresh one.
  trouble.expect(/^401 GET /);
  await page.goto("/home");
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByText(boss)).toBeVisible();
  await runOut(visitor);
  await page.getByRole("menuitem", { name: "Usage" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Usage" })).toBeVisible();
  await expect.poll(() => expiryOf(visitor)).toBeGreaterThan(Date.now());

  // A page that is opened with an old token, the operator's too.
  for (const path of ["/home", "/admin"]) {
    await runOut(visitor);
    const answer = await page.goto(path);
    expect([path, answer?.status()]).toEqual([path, 200]);
    await expect(page.getByRole("button", { name: "Menu" })).toBeVisible();
    await expect.poll(() => expiryOf(visitor)).toBeGreaterThan(Date.now());
  }

  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("menuitem", { name: "Sign-in and addresses" }).click();
  await expect(page.getByRole("button", { name: "Clerk's account page" })).toBeVisible();
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(page.getByRole("button", { name: "Continue with Clerk" })).toBeVisible();
  await page.goto("/home");
  await expect(page).toHaveURL(/\/sign-in$/);
  await visitor.context.close();
});

test("where Clerk cannot be reached the page says so, and goes on when it can", async ({ browser, trouble }) => {
  const visitor = await visit(browser, trouble);
  const { page, inPage } = visitor;
  // The script that does not come.
  trouble.expect(/^console: .*(Clerk|clerk)/, /^thrown: .*(Clerk|clerk)/s);
  inPage.away = true;
  await page.goto("/sign-in");
  await expect(page.getByRole("status", { name: "The sign-in is loading" })).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("The sign-in did not load", { timeout: 40_000 });
  expect(inPage.asked.length).toBeGreaterThan(0);
  await look(page, "clerk-away");
  inPage.away = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Continue with Clerk" })).toBeVisible({ timeout: 40_000 });
  await look(page, "clerk-form");
  await visitor.context.close();
});

test("whom Clerk lets in and we do not is told so, and is not led round in circles", async ({ browser, trouble }) => {
  const visitor = await visit(browser, trouble);
  const { page } = visitor;
  trouble.expect(/^401 GET \/api\/v1\/me$/);
  expect(await clerk.send(service.url, "user.deleted", { id: visitor.id })).toBe(200);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with Clerk" }).click();
  await expect(page.getByRole("alert")).toContainText("You are signed in, and we can't let you in yet");
  await expect(page).toHaveURL(/\/sign-in$/);
  await look(page, "clerk-refused");
  await page.getByRole("alert").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Continue with Clerk" })).toBeVisible();
  await visitor.context.close();
});

test("pages of passwords lead to Clerk's form", async ({ browser, trouble }) => {
  const { page, context } = await visit(browser, trouble);
  for (const path of ["/forgot-password", "/reset-password?token=x"]) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/sign-in$/);
  }
  await context.close();
});

test("without Clerk's keys nothing of Clerk is loaded", async ({ signUp }) => {
  const { page } = await signUp();
  const scripts: Promise<string>[] = [];
  page.on("response", (response) => {
    if (/javascript/.test(response.headers()["content-type"] ?? "")) scripts.push(response.text());
  });
  page.on("request", (request) => expect(request.url().startsWith(clerkHost)).toBe(false));
  for (const path of ["/", "/pricing", "/home", "/settings", "/help"])
    await page.goto(path, { waitUntil: "networkidle" });
  await page.context().clearCookies();
  for (const path of ["/sign-in", "/sign-up"]) await page.goto(path, { waitUntil: "networkidle" });
  const loaded = await Promise.all(scripts);
  expect(loaded.length).toBeGreaterThan(10);
  expect(loaded.filter((script) => script.includes("clerk.browser.js"))).toEqual([]);
});
