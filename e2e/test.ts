import { randomBytes } from "node:crypto";
import { type Agent, createAgent, type Me, pathOf, putAiKey, sendMessage } from "@charlie/contract";
import { type APIRequestContext, type BrowserContext, expect, type Page, test as base } from "@playwright/test";

export { expect } from "@playwright/test";

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

interface PersonOptions {
  /** Opens the link of the welcome letter too: nobody pays before. */
  confirmed?: boolean;
}

/** What no page may do unless a test says that it will: an error in the console, or a request that is refused. */
export class Trouble {
  readonly #found: string[] = [];
  readonly #expected: RegExp[] = [];

  /** From here on this is no trouble: `/^402 POST .*messages$/`, `/^404 /`. */
  expect(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  watch(context: BrowserContext): void {
    context.on("console", (message) => {
      // A refused request is told better by its response, below.
      if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
      this.#found.push(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => this.#found.push(`thrown: ${error.error().stack ?? error.error().message}`));
    context.on("response", (response) => {
      if (response.status() < 400) return;
      this.#found.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`);
    });
  }

  /** What happened since it was last asked, and was not expected. */
  take(): string[] {
    return this.#found.splice(0).filter((found) => !this.#expected.some((pattern) => pattern.test(found)));
  }
}

interface Fixtures {
  trouble: Trouble;
  signUp: (options?: PersonOptions) => Promise<Person>;
}

/** Fails every test whose pages made trouble, and gives it people. */
export const test = base.extend<Fixtures>({
  // Set by e2e/service.ts.
  baseURL: process.env["CHARLIE_URL"] ?? "",
  trouble: [
    async ({ context }, use) => {
      const trouble = new Trouble();
      trouble.watch(context);
      await use(trouble);
      expect(trouble.take(), "errors in the console and refused requests").toEqual([]);
    },
    { auto: true },
  ],
  signUp: async ({ browser, baseURL, trouble }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async ({ confirmed = true } = {}) => {
      const context = await browser.newContext({
        baseURL: baseURL!,
        permissions: ["clipboard-read", "clipboard-write"],
      });
      contexts.push(context);
      const api = context.request;
      const who = {
        name: "Anna Tester",
        email: `anna-${randomBytes(5).toString("hex")}@example.org`,
        password: "a good long password",
      };
      await expect(await api.post("/api/auth/sign-up/email", { data: who })).toBeOK();
      if (confirmed) await expect(await api.get(await linkInMail(api, who.email, "verify-email"))).toBeOK();
      trouble.watch(context);
      return { ...who, context, api, page: await context.newPage() };
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

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
export async function teach({ api }: WithSession, answers: Partial<typeof bakery> = {}): Promise<Agent> {
  const answer = await api.post(pathOf(createAgent), { data: { ...bakery, ...answers } });
  await expect(answer).toBeOK();
  return (await answer.json()) as Agent;
}

/** Gives this person's agents the stand-in brain (server/test/stand-ins/providers.ts), which does as `[words]` say. */
export async function giveKey({ api }: WithSession): Promise<void> {
  await expect(await api.put(pathOf(putAiKey, { provider: "openai" }), { data: { key: "sk-stand-in-0001" } })).toBeOK();
}

/** Asks by HTTP and waits for the whole answer; returns its status. */
export async function ask(
  { api }: WithSession,
  agentId: string,
  text: string,
  conversationId?: string,
): Promise<number> {
  const answer = await api.post(pathOf(sendMessage, { id: agentId }), {
    data: { text, ...(conversationId && { conversationId }) },
    headers: { accept: "application/json" },
    timeout: 30_000,
  });
  return answer.status();
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
