import { setTimeout as sleep } from "node:timers/promises";
import type { Agent, Answer, Conversation, PlanId } from "@charlie/contract";
import { expect } from "vitest";
import { differences, signInAt } from "../server/test/chat.ts";
import type { Client } from "../server/test/client.ts";
import { age, type Place } from "./place.ts";

/** What the service said is done. */
export interface Acknowledged {
  client: Client;
  agent: Agent;
  answers: Answer[];
  name: string;
  /** The name that was on its way when the database died, which may have arrived or not. */
  asked: string;
}

/** People who ask and rename without a pause. */
export interface Workers {
  each: { client: Client; agent: Agent }[];
  /** Tells them to stop, and waits until they have. */
  stop(): Promise<Acknowledged[]>;
}

/** Asks and renames in turn until it is told to stop, and keeps what was acknowledged. */
async function work(client: Client, agent: Agent, stopped: () => boolean): Promise<Acknowledged> {
  const acknowledged: Acknowledged = { client, agent, answers: [], name: agent.name, asked: agent.name };
  for (let n = 1; !stopped(); n += 1) {
    const text = `Question ${n} of ${agent.id}`;
    const answer = await client.post<Answer>(`/api/v1/agents/${agent.id}/messages`, { text });
    if (answer.status === 200) acknowledged.answers.push(answer.body);
    acknowledged.asked = `Charlie ${n}`;
    const renamed = await client.patch(`/api/v1/agents/${agent.id}`, { name: acknowledged.asked });
    if (renamed.status === 200) acknowledged.name = acknowledged.asked;
  }
  return acknowledged;
}

/** So many people of that plan begin to work at a place's first server. */
export async function setToWork(place: Place, people: number, plan: PlanId = "pro"): Promise<Workers> {
  const each = await Promise.all(
    Array.from({ length: people }, async () => {
      const pat = await place.signUp({ plan });
      return { client: await signInAt(place.urls[0] ?? "", pat), agent: await place.teach(pat) };
    }),
  );
  let stopped = false;
  const working = each.map(({ client, agent }) => work(client, agent, () => stopped));
  return {
    each,
    stop: () => {
      stopped = true;
      return Promise.all(working);
    },
  };
}

/** Each connection that died with the database is found out by whoever meets it first: they are told to come again, and do. */
async function read<T>(client: Client, path: string): Promise<T> {
  for (;;) {
    const { status, body } = await client.get<T>(path);
    if (status !== 503) return body;
    await sleep(100);
  }
}

/** All of it is there: the answers word by word, and one of the two last names. */
async function expectKept({ client, agent, answers, name, asked }: Acknowledged): Promise<void> {
  for (const { conversationId, messageId, text } of answers) {
    const { messages } = await read<Conversation>(client, `/api/v1/conversations/${conversationId}`);
    expect(messages.find(({ id }) => id === messageId)).toMatchObject({ state: "complete", text });
  }
  expect([name, asked]).toContain((await read<Agent>(client, `/api/v1/agents/${agent.id}`)).name);
}

/** Everything that was acknowledged is there, the books come to agree, and what was on its way is given back. */
export async function expectAllKept(place: Place, done: readonly Acknowledged[]): Promise<void> {
  await untilReady(place);
  for (const each of done) await expectKept(each);
  // What was on its way and has no end yet is given back once its server is silent, or it ends.
  while ((await differences(place)).length > 0) await sleep(50);
  await age(place.db);
  await place.sweep();
}

/** Asks a worker's agent something. */
export const askWorker = ({ client, agent }: Pick<Acknowledged, "client" | "agent">, text = "And now?") =>
  client.post<{ code?: string }>(`/api/v1/agents/${agent.id}/messages`, { text });

/** Waits until every server of a place may be sent visitors. */
export async function untilReady({ urls }: Pick<Place, "urls">): Promise<void> {
  for (const url of urls) while ((await statusOf(`${url}/readyz`)) !== 200) await sleep(50);
}

/** What an address answers with; 0 where nobody is there. */
export const statusOf = (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );
