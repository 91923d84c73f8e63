import type { Agent, Answer } from "@charlie/contract";
import { expect } from "vitest";
import { answerIn } from "../server/test/chat.ts";
import type { Client } from "../server/test/client.ts";

/** What the service said is done. */
export interface Acknowledged {
  client: Client;
  agent: Agent;
  answers: Answer[];
  name: string;
  /** The name that was on its way when the database died, which may have arrived or not. */
  asked: string;
}

/** Asks and renames in turn until it is told to stop, and keeps what was acknowledged. */
export async function work(client: Client, agent: Agent, stopped: () => boolean): Promise<Acknowledged> {
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

/** All of it is there: the answers word by word, and one of the two last names. */
export async function expectKept({ client, agent, answers, name, asked }: Acknowledged): Promise<void> {
  for (const answer of answers)
    expect(await answerIn(client, answer)).toMatchObject({ state: "complete", text: answer.text });
  const { body } = await client.get<Agent>(`/api/v1/agents/${agent.id}`);
  expect([name, asked]).toContain(body.name);
}
