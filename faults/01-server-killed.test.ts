import type { Answer, Problem } from "@charlie/contract";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { answerIn, ask, counted, heard, readStream, signInAt, teach } from "../server/test/chat.ts";
import type { Client } from "../server/test/client.ts";
import { startTestApp } from "../server/test/harness.ts";
import { startHeldProvider } from "../server/test/held-provider.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { survive } from "./seeds.ts";

const question = fc.record({
  /** How many pieces of the answer have come when the server dies. */
  pieces: fc.nat(3),
  /** Whether the answer was at its end before that. */
  finished: fc.boolean(),
  /** Whether somebody follows it from the server that lives on. */
  followed: fc.boolean(),
});

test("a server killed in the midst of answers: readers get a clear end, and what did not come is given back", async () => {
  const app = await startTestApp();
  const provider = await startHeldProvider();
  let round = 0;
  await survive(app, fc.array(question, { minLength: 1, maxLength: 6 }), async (questions) => {
    round += 1;
    const pat = await app.signUp();
    const agent = await teach(pat, provider);
    const server = await startServerProcess(app.databaseUrl);
    const there = await signInAt(server.url, pat);
    const path = `/api/v1/agents/${agent.id}/messages`;
    const answers = await Promise.all(
      questions.map(async ({ pieces, finished, followed }, n) => {
        const [text, key] = [`Question ${round}.${n}`, `kill-${round}-${n}`];
        const reading = await ask(there, agent.id, { text }, { "idempotency-key": key });
        const call = await provider.call(text);
        const said = Array.from({ length: finished ? pieces + 1 : pieces }, (_, piece) => `piece ${piece} `);
        for (const piece of said) call.say(piece);
        if (said.length > 0) await reading.until(said.join("").trimEnd());
        const { rows } = await app.db.operator.query<{ id: string }>(
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
    await server.kill();
    for (const { reading } of answers) await reading.parts;
    const whole = answers.filter(({ finished }) => finished).length;
    expect(await counted(app, pat.workspaceId)).toBe(questions.length);

    // Half a minute without a sign of life, and a server that starts.
    await app.db.operator.query("update running_answers set heartbeat_at = heartbeat_at - interval '31 seconds'");
    const next = await startServerProcess(app.databaseUrl);
    const again = await signInAt(next.url, pat);
    for (const { joined, finished } of answers) {
      if (joined) expect(heard(await joined.parts).state).toBe(finished ? "complete" : "failed");
    }
    expect(await counted(app, pat.workspaceId)).toBe(whole);
    const calls = provider.calls();
    for (const { text, key, finished, reading } of answers) {
      const told = await resend(again, path, text, key);
      expect(told).toBe(finished ? "complete" : "interrupted");
      const { started } = heard(await reading.parts);
      if (started) expect((await answerIn(again, started)).state).toBe(finished ? "complete" : "failed");
    }
    // Sent again with its key, nothing was asked or counted a second time.
    expect(provider.calls()).toBe(calls);
    expect(await counted(app, pat.workspaceId)).toBe(whole);
    await next.kill();
  });
  await provider.close();
  await app.close();
});

async function resend(client: Client, path: string, text: string, key: string): Promise<string> {
  const { status, body } = await client.post<Answer & Problem>(path, { text }, { "idempotency-key": key });
  return status === 200 ? "complete" : body.code;
}
