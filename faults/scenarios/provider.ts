import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Message, Problem } from "@charlie/contract";
import * as fc from "fast-check";
import { expect } from "vitest";
import { conversationOf, counted, signInAt } from "../../server/test/chat.ts";
import type { Client } from "../../server/test/client.ts";
import type { Place } from "../place.ts";
import { survive } from "../seeds.ts";

const some = fc.integer({ min: 1, max: 6 });
/** How the provider behaves, in the words of the stand-in. */
const trouble = fc.oneof(
  fc.constantFrom("", "[fail-429]", "[fail-429-quota]", "[fail-500]", "[fail-401]", "[hang]", "[empty]", "[filter]"),
  some.map((n) => `[cut-after-${n}]`),
  some.map((n) => `[end-after-${n}]`),
  some.map((n) => `[error-after-${n}]`),
  some.map((n) => `[hang-after-${n}]`),
  some.map((n) => `[slow-${n}]`),
);
const question = fc.record({ trouble, at: fc.nat(1), twice: fc.boolean(), stopped: fc.boolean() });

interface Stored {
  id: string;
  conversation: string;
}

/** Where the answer to that request of a workspace is. */
async function placeOf({ db }: Place, { workspaceId }: Client, key: string): Promise<Stored | undefined> {
  const { rows } = await db.operator.query<Stored>(
    `select k.message_id as id, m.conversation_id as conversation from idempotency_keys k
     join messages m on m.id = k.message_id where k.workspace_id = $1 and k.key = $2`,
    [workspaceId, key],
  );
  return rows[0];
}

async function stop(place: Place, pat: Client, key: string): Promise<void> {
  const found = await placeOf(place, pat, key);
  if (found) await pat.post(`/api/v1/messages/${found.id}/stop`);
}

/** Whether it has an end within a moment. */
const isOver = (asked: Promise<unknown>): Promise<boolean> =>
  Promise.race([asked.then(() => true), sleep(200, false, { ref: false })]);

async function stored(place: Place, pat: Client, key: string): Promise<Message> {
  const where = await placeOf(place, pat, key);
  const found = (await conversationOf(pat, where?.conversation ?? "")).messages.find(({ id }) => id === where?.id);
  if (!found) throw new Error("an answer is not stored");
  return found;
}

/**
 * Fault 8: a provider that hangs, refuses, or breaks off, on two servers: what was told is what is stored and counted.
 * Where `isPatient` says no, a reader gives up on it: hanging is waited for up to a minute.
 */
export async function providerTroubled(place: Place, isPatient: (word: string) => boolean = () => true): Promise<void> {
  let round = 0;
  await survive(place, fc.array(question, { minLength: 4, maxLength: 16 }), async (questions) => {
    round += 1;
    const pat = await place.signUp();
    const clients = await Promise.all(place.urls.map((url) => signInAt(url, pat)));
    const agent = await place.teach(pat);
    const path = `/api/v1/agents/${agent.id}/messages`;
    const outcomes = await Promise.all(
      questions.map(async ({ trouble: word, at, twice, stopped }, n) => {
        const [key, text] = [`trouble-${round}-${n}`, `Question ${n}, please ${word}`];
        const ask = (server: number) =>
          clients[server]!.post<Answer & Problem>(path, { text }, { "idempotency-key": key });
        const asked = Promise.all([ask(at), ...(twice ? [ask(1 - at)] : [])]);
        if (stopped) await stop(place, pat, key);
        // Pressed until it is over, as the answer may not have begun at first.
        if (!isPatient(word)) while (!(await isOver(asked))) await stop(place, pat, key);
        const told = await asked;
        // The same key brings the same end at either server.
        expect(new Set(told.map(({ status, body }) => `${status} ${body.code ?? body.text}`)).size).toBe(1);
        return { key, status: told[0]?.status, body: told[0]?.body };
      }),
    );
    let answered = 0;
    for (const { key, status, body } of outcomes) {
      const { state, text } = await stored(place, pat, key);
      if (status === 200) expect(text).toBe(body?.text);
      expect(status === 200 ? ["complete", "stopped"] : ["failed"]).toContain(state);
      if (status === 200) answered += 1;
    }
    expect(await counted(place, pat.workspaceId)).toBe(answered);
  });
}
