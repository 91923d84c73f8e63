import type { Answer, Problem } from "@charlie/contract";
import * as fc from "fast-check";
import { expect } from "vitest";
import { answerIn, ask, counted, heard, readStream, signInAt } from "../../server/test/chat.ts";
import type { Client } from "../../server/test/client.ts";
import type { HeldProvider } from "../../server/test/held-provider.ts";
import { age, type Place } from "../place.ts";
import { survive } from "../seeds.ts";

const question = fc.record({
  /** How many pieces of the answer have come when the server dies. */
  pieces: fc.nat(3),
  /** Whether the answer was at its end before that. */
  finished: fc.boolean(),
  /** Whether somebody follows it from the server that lives on. */
  followed: fc.boolean(),
});

/** The server that is struck. */
export interface Victim {
  /** Where it is once it runs, the first time or again. */
  url(): Promise<string>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

/** Fault 1: readers get a clear end, what did not come is given back, and asking again with the key counts nothing. */
export async function serverKilled(place: Place, provider: HeldProvider, victim: Victim): Promise<void> {
  let round = 0;
  await survive(place, fc.array(question, { minLength: 1, maxLength: 6 }), async (questions) => {
    round += 1;
    const pat = await place.signUp();
    const agent = await place.teach(pat);
    const there = await signInAt(await victim.url(), pat);
    const path = `/api/v1/agents/${agent.id}/messages`;
    const answers = await Promise.all(
      questions.map(async ({ pieces, finished, followed }, n) => {
        const [text, key] = [`Question ${round}.${n}`, `kill-${round}-${n}`];
        const reading = await ask(there, agent.id, { text }, { "idempotency-key": key });
        const call = await provider.call(text);
        const said = Array.from({ length: finished ? pieces + 1 : pieces }, (_, piece) => `piece ${piece} `);
        for (const piece of said) call.say(piece);
        if (said.length > 0) await reading.until(said.join("").trimEnd());
        const { rows } = await place.db.operator.query<{ id: string }>(
          "select message_id as id from idempotency_keys where workspace_id = $1 and key = $2",
          [pat.workspaceId, key],
        );
        const id = rows[0]?.id ?? "";
        const joined = followed ? readStream(await pat.send("GET", `/api/v1/messages/${id}/stream`)) : null;
        if (finished) {
          call.finish();
          await reading.parts;
        }
        return { text, key, finished, reading, joined };
      }),
    );
    await victim.kill();
    for (const { reading } of answers) await reading.parts;
    const whole = answers.filter(({ finished }) => finished).length;
    expect(await counted(place, pat.workspaceId)).toBe(questions.length);

    await age(place.db);
    await place.sweep();
    const again = await signInAt(await victim.url(), pat);
    for (const { joined, finished } of answers) {
      if (joined) expect(heard(await joined.parts).state).toBe(finished ? "complete" : "failed");
    }
    expect(await counted(place, pat.workspaceId)).toBe(whole);
    const calls = provider.calls();
    for (const { text, key, finished, reading } of answers) {
      const told = await resend(again, path, text, key);
      expect(told).toBe(finished ? "complete" : "interrupted");
      const { started } = heard(await reading.parts);
      if (started) expect((await answerIn(again, started)).state).toBe(finished ? "complete" : "failed");
    }
    // Sent again with its key, nothing was asked or counted a second time.
    expect(provider.calls()).toBe(calls);
    expect(await counted(place, pat.workspaceId)).toBe(whole);
  });
}

async function resend(client: Client, path: string, text: string, key: string): Promise<string> {
  const { status, body } = await client.post<Answer & Problem>(path, { text }, { "idempotency-key": key });
  return status === 200 ? "complete" : body.code;
}
