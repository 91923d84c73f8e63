import { randomBytes } from "node:crypto";
import {
  type Agent,
  type Config,
  type ConversationSummary,
  createAgent,
  createProject,
  listConversations,
  type Me,
  pathOf,
  type Project,
  putAiKey,
  sendMessage,
} from "@charlie/contract";
import { type APIRequestContext, type Browser, type BrowserContext, expect, type Page } from "@playwright/test";

/** Whoever asks by HTTP. */
export interface WithSession {
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

/** The demo account, which runs the service at a desk, signed in in a browser context of its own; the caller closes it. */
export async function demoPerson(browser: Browser, { baseURL }: { baseURL: string }): Promise<Person> {
  const context = await browser.newContext({ baseURL });
  const api = context.request;
  const { demo } = (await (await api.get("/api/v1/config")).json()) as Config;
  if (!demo) throw new Error("there is no demo account");
  await expect(await api.post("/api/auth/sign-in/email", { data: demo })).toBeOK();
  return { name: "Demo", ...demo, context, api, page: await context.newPage() };
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
