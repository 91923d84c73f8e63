import { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "./stack.ts";
import { openDoor } from "./door.ts";
import { signUp, type Person } from "./person.ts";

export interface Seen {
  requests: number;
  answers: number;
  /** What went wrong, each in a line. */
  failed: string[];
  /**
   * Requests that met a kept connection just as nginx closed it, and went again over a new one, as RFC 9112 section
   * 9.3.1 has every client do. nginx from 1.27.4 on leaves no such moment.
   */
  again: number;
}

const pages = ["/readyz", "/sign-in", "/api/v1/config", "/"];

export interface Loaded {
  stack: Stack;
  person: Person;
  /** Whom the people ask. */
  agentId: string;
}

/** How long a visitor looks at a page, in ms: the load should not take the machine from what is tested. */
const lookMs = 25;

/** Does `work` while visitors come over kept and over new connections, and people chat, all at once. */
export async function underLoad<T>({ stack, person, agentId }: Loaded, work: () => Promise<T>): Promise<[T, Seen]> {
  const ca = [stack.authority];
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const kept = openDoor({ domain: stack.domain, port: stack.httpsPort, ca }, agent);
  const seen: Seen = { requests: 0, answers: 0, failed: [], again: 0 };
  const ending = new AbortController();

  const until = async (step: (n: number) => Promise<void>): Promise<void> => {
    for (let n = 0; !ending.signal.aborted; n += 1) {
      await step(n).catch((error: Error) => {
        seen.failed.push(`${new Date().toISOString()} ${error.name}: ${error.message}`);
      });
    }
  };
  const visit = async (by: typeof kept, n: number): Promise<void> => {
    const path = pages[n % pages.length]!;
    const { status } = await by.ask(path).catch((error: NodeJS.ErrnoException & { reused?: boolean }) => {
      if (!error.reused) throw error;
      seen.again += 1;
      return stack.door.ask(path);
    });
    seen.requests += 1;
    await sleep(lookMs);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  };
  const talk = async (n: number): Promise<void> => {
    let text = "";
    for await (const piece of await person.chat(agentId, `When do you open? (${n})`)) text += piece;
    if (text === "") throw new Error("an answer without a word");
    seen.answers += 1;
  };
  const loops = [
    ...Array.from({ length: 4 }, () => until((n) => visit(kept, n))),
    ...Array.from({ length: 2 }, () => until((n) => visit(stack.door, n))),
    ...Array.from({ length: 2 }, () => until(talk)),
  ];
  try {
    return [await work(), seen];
  } finally {
    ending.abort();
    await Promise.all(loops);
    agent.destroy();
  }
}

/** Somebody with an agent, for the visitors to ask. */
export async function prepareLoad(stack: Stack): Promise<Loaded> {
  const person = await signUp(stack.door);
  await stack.sql("update workspaces set plan = 'team'");
  const offline = { provider: "offline", model: null, temperature: null, maxOutputTokens: null } as const;
  return { stack, person, agentId: (await person.teach(offline)).id };
}

/** Tells what the visitors saw. */
export const tell = (what: string, { requests, answers, failed, again }: Seen): void => {
  const seen = `${requests} requests, ${answers} answers, ${failed.length} failed, ${again} sent again`;
  process.stdout.write(`${what}, under load: ${seen}\n`);
};
