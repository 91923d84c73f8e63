import { randomBytes } from "node:crypto";
import {
  type Agent,
  cancelPlan,
  type ConversationSummary,
  createAgent,
  createCheckout,
  createPortal,
  createProject,
  getSubscription,
  type Invoice,
  listConversations,
  listInvoices,
  type Me,
  pathOf,
  type Project,
  putAiKey,
  sendMessage,
  type Subscription,
} from "@charlie/contract";
import { type APIRequestContext, type Browser, type BrowserContext, expect, type Page } from "@playwright/test";

/** Whoever asks by HTTP. */
interface WithSession {
  /** HTTP with this person's session. */
  api: APIRequestContext;
}

/** Somebody with an account of their own, signed in in a browser of their own. */
export interface Person extends WithSession {
  name: string;
  email: string;
  password: string;
  page: Page;
  context: BrowserContext;
}

export interface PersonOptions {
  /** Opens the link in the first letter too: nobody pays before. */
  confirmed?: boolean;
}

/** Signs somebody new up by HTTP, in a browser context of their own; the caller closes it. */
export async function newPerson(
  browser: Browser,
  { baseURL, confirmed = true }: PersonOptions & { baseURL: string },
): Promise<Person> {
  const context = await browser.newContext({ baseURL, permissions: ["clipboard-read", "clipboard-write"] });
  const api = context.request;
  const who = {
    name: "Anna Tester",
    email: `anna-${randomBytes(5).toString("hex")}@example.org`,
    password: "a good long password",
  };
  await expect(await api.post("/api/auth/sign-up/email", { data: who })).toBeOK();
  if (confirmed) await expect(await api.get(await linkInMail(api, who.email, "verify-email"))).toBeOK();
  return { ...who, context, api, page: await context.newPage() };
}

/** The newest link to `path` in the letters to this address, from the sandbox's mail page. Waits for the letter. */
export async function linkInMail(api: APIRequestContext, to: string, path: string): Promise<string> {
  let link: string | undefined;
  const letters = async (): Promise<string | undefined> => {
    const html = await (await api.get("/mail")).text();
    const mine = html.split("<article").filter((article) => article.includes(to));
    return mine.map((article) => /href="(http[^"]+)"/.exec(article)?.[1]).find((found) => found?.includes(path));
  };
  await expect(async () => expect((link = await letters())).toBeTruthy()).toPass({ intervals: [50], timeout: 15_000 });
  return link!.replaceAll("&amp;", "&");
}

const bakery = {
  name: "Bruno",
  who: "You are Bruno, who answers for the Sunrise Bakery in Elm Street. You are warm and quick.",
  rules: "Be friendly and brief.\nNever promise a discount.",
  tricks: [
    "Opening hours: We open at 7 in the morning and close at 6 in the evening, Monday to Saturday.",
    "Sourdough: A loaf of sourdough costs $6.50.",
    "Delivery: We deliver within five miles. Delivery costs $4 and is free from $40.",
  ].join("\n"),
};

/** Makes an agent by HTTP; its page is `/agents/<id>`. */
export async function teach(
  { api }: WithSession,
  answers: Partial<typeof bakery> & { projectId?: string } = {},
): Promise<Agent> {
  const answer = await api.post(pathOf(createAgent), { data: { ...bakery, ...answers } });
  await expect(answer).toBeOK();
  return (await answer.json()) as Agent;
}

/** Makes a project by HTTP. */
export async function newProject({ api }: WithSession, name: string): Promise<Project> {
  const answer = await api.post(pathOf(createProject), { data: { name } });
  await expect(answer).toBeOK();
  return (await answer.json()) as Project;
}

/** Gives this person's agents the stand-in brain (server/test/stand-ins/providers.ts), which does as `[words]` say. */
export async function giveKey({ api }: WithSession): Promise<void> {
  await expect(await api.put(pathOf(putAiKey, { provider: "openai" }), { data: { key: "sk-stand-in-0001" } })).toBeOK();
}

/** Asks by HTTP and waits for the whole answer; returns its status. */
export async function ask({ api }: WithSession, agentId: string, text: string): Promise<number> {
  const answer = await api.post(pathOf(sendMessage, { id: agentId }), {
    data: { text },
    headers: { accept: "application/json" },
    timeout: 30_000,
  });
  return answer.status();
}

/** The newest conversation with this agent; its page is `/agents/<agent>?conversation=<id>`. */
export async function newestConversation({ api }: WithSession, agentId: string): Promise<string> {
  const answer = await api.get(pathOf(listConversations, { id: agentId }));
  const { items } = (await answer.json()) as { items: ConversationSummary[] };
  return items[0]?.id ?? "";
}

/** Uses up the day's messages until only `left` of them are there. */
export async function useUp(person: WithSession, agentId: string, { left }: { left: number }): Promise<void> {
  const used = await messagesToday(person);
  const statuses = await Promise.all(Array.from({ length: 100 - left - used }, () => ask(person, agentId, "Hello")));
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
}

/** How many of today's messages are used. */
export async function messagesToday({ api }: WithSession): Promise<number> {
  const limits = (await (await api.get("/api/v1/usage/limits")).json()) as { messagesPerDay: { used: number } };
  return limits.messagesPerDay.used;
}

export async function planNow({ api }: WithSession): Promise<string> {
  return ((await (await api.get("/api/v1/me")).json()) as Me).workspace.plan;
}

/** Fills in the payment page of the local Stripe, and presses the button. */
export async function payWith(page: Page, cardNumber: string): Promise<void> {
  await page.getByLabel("Card number").fill(cardNumber);
  await page.getByLabel("Expiration").fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Name on card").fill("Anna Tester");
  await page.getByRole("button", { name: "Subscribe" }).click();
}

/** An address of the local Stripe, which is the neighbour of the service. */
export function stripeUrl(path: string): string {
  const { port } = new URL(process.env["CHARLIE_URL"] ?? "");
  return `http://localhost:${Number(port) + 1}${path}`;
}

/** What is asked of the local Stripe's control. */
async function control<T>({ api }: WithSession, what: string, data?: Record<string, unknown>): Promise<T> {
  const address = stripeUrl(`/_sandbox/${what}`);
  const answer = await (data ? api.post(address, { data }) : api.get(address));
  await expect(answer).toBeOK();
  return (await answer.json()) as T;
}

/** The address of a payment page for this person's workspace. */
export async function checkoutUrl({ api }: WithSession): Promise<string> {
  const answer = await api.post(pathOf(createCheckout), { data: { plan: "pro" } });
  await expect(answer).toBeOK();
  return ((await answer.json()) as { url: string }).url;
}

/** The address of the portal, opened at what is wanted. */
export async function portalUrl({ api }: WithSession, flow: "home" | "cancel" | "switch" | "card"): Promise<string> {
  const answer = await api.post(pathOf(createPortal), { data: { flow } });
  await expect(answer).toBeOK();
  return ((await answer.json()) as { url: string }).url;
}

/** Where the newest invoice can be read. */
export async function invoiceUrl({ api }: WithSession): Promise<string> {
  const { items } = (await (await api.get(pathOf(listInvoices))).json()) as { items: Invoice[] };
  return items[0]?.url ?? "";
}

/** Puts this person's workspace onto Pro, paid with a good card; waits until the service has heard of it. */
export async function subscribe(person: WithSession): Promise<void> {
  const session = /cs_[A-Za-z0-9_]+/.exec(await checkoutUrl(person))?.[0];
  await control(person, "pay-checkout", { session });
  await expect.poll(() => planNow(person), { timeout: 15_000 }).toBe("pro");
}

/** Ends this person's plan at once: the workspace is on Free then. */
export async function endPlan({ api }: WithSession): Promise<void> {
  await expect(await api.post(pathOf(cancelPlan), { data: { when: "now" } })).toBeOK();
}

/** Turns Stripe's clock past the next renewal, whose payments all fail: the plan is past due from then on. */
export async function failRenewal(person: Person): Promise<void> {
  const { data } = await control<{ data: { data: { object: { id: string; object: string; email?: string } } }[] }>(
    person,
    "events",
  );
  const customer = data.map(({ data: { object } }) => object).find(({ email }) => email === person.email)?.id;
  expect(customer, "the customer of this person").toBeTruthy();
  await control(person, "fail-payments", { customer, times: 20 });
  await control(person, "clock", { days: 32 });
  const status = async (): Promise<string> =>
    ((await (await person.api.get(pathOf(getSubscription))).json()) as Subscription).status;
  await expect.poll(status, { timeout: 15_000 }).toBe("past_due");
}
