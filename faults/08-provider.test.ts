import type { Answer, Message, Problem } from "@charlie/contract";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { conversationOf, counted, signInAt, teach } from "../server/test/chat.ts";
import { startTestApp } from "../server/test/harness.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { survive } from "./seeds.ts";

const some = fc.integer({ min: 1, max: 6 });
/** How the provider behaves, in the words of the stand-in, and whether the reader presses stop. */
const trouble = fc.oneof(
  fc.constantFrom("", "[fail-429]", "[fail-429-quota]", "[fail-500]", "[fail-401]", "[hang]", "[empty]", "[filter]"),
  some.map((n) => `[cut-after-${n}]`),
  some.map((n) => `[end-after-${n}]`),
  some.map((n) => `[error-after-${n}]`),
  some.map((n) => `[hang-after-${n}]`),
  some.map((n) => `[slow-${n}]`),
);
const question = fc.record({ trouble, at: fc.nat(1), twice: fc.boolean(), stopped: fc.boolean() });

test("a provider that hangs, refuses, or breaks off: what was told is what is stored and what is counted", async () => {
  // A hanging provider is waited for this long, so that the test does not last for minutes.
  const timeouts = { firstTextMs: 1_500, betweenMs: 1_500, wholeMs: 6_000 };
  const first = await startTestApp({ deps: { brainTimings: { timeouts } } });
  const second = await startTestApp({ databaseUrl: first.databaseUrl, deps: { brainTimings: { timeouts } } });
  const provider = await startProviderStandIn();
  let round = 0;
  await survive(first, fc.array(question, { minLength: 4, maxLength: 16 }), async (questions) => {
    round += 1;
    const pat = await first.signUp();
    const clients = [pat, await signInAt(second.url, pat)];
    const agent = await teach(pat, provider, "echo");
    const path = `/api/v1/agents/${agent.id}/messages`;
    const outcomes = await Promise.all(
      questions.map(async ({ trouble: word, at, twice, stopped }, n) => {
        const [key, text] = [`trouble-${round}-${n}`, `Question ${n}, please ${word}`];
        const ask = (server: number) =>
          clients[server]!.post<Answer & Problem>(path, { text }, { "idempotency-key": key });
        const asked = [ask(at), ...(twice ? [ask(1 - at)] : [])];
        if (stopped) await stop(key);
        const told = await Promise.all(asked);
        // The same key brings the same end at either server.
        expect(new Set(told.map(({ status, body }) => `${status} ${body.code ?? body.text}`)).size).toBe(1);
        return { key, status: told[0]?.status, body: told[0]?.body };
      }),
    );
    let answered = 0;
    for (const { key, status, body } of outcomes) {
      const { state, text } = await stored(key);
      if (status === 200) expect(text).toBe(body?.text);
      expect(status === 200 ? ["complete", "stopped"] : ["failed"]).toContain(state);
      if (status === 200) answered += 1;
    }
    expect(await counted(first, pat.workspaceId)).toBe(answered);

    async function placeOf(key: string) {
      const { rows } = await first.db.operator.query<{ id: string; conversation: string }>(
        `select k.message_id as id, m.conversation_id as conversation from idempotency_keys k
         join messages m on m.id = k.message_id where k.workspace_id = $1 and k.key = $2`,
        [pat.workspaceId, key],
      );
      return rows[0];
    }
    async function stop(key: string): Promise<void> {
      const place = await placeOf(key);
      if (place) await pat.post(`/api/v1/messages/${place.id}/stop`);
    }
    async function stored(key: string): Promise<Message> {
      const place = await placeOf(key);
      const found = (await conversationOf(pat, place?.conversation ?? "")).messages.find(({ id }) => id === place?.id);
      if (!found) throw new Error("an answer is not stored");
      return found;
    }
  });
  await second.close();
  await first.close();
  await provider.close();
});
