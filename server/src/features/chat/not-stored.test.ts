import { afterAll, beforeAll, expect, test } from "vitest";
import { answerIn, ask, counted, differences, heard, teach } from "../../../test/chat.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";

let app: TestApp;
let provider: HeldProvider;

beforeAll(async () => {
  app = await startTestApp();
  provider = await startHeldProvider();
});
afterAll(async () => {
  await app.close();
  await provider.close();
});

/** Asks, answers "Yes." with these tokens, and reads to the end. */
async function answered(text: string, tokens: { in: number; out: number }) {
  const pat = await app.signUp();
  const agent = await teach(pat, provider);
  const reading = await ask(pat, agent.id, { text });
  const call = await provider.call(text);
  call.say("Yes.");
  call.finish(tokens);
  return { pat, ...heard(await reading.parts) };
}

test("an answer whose end the database will never take is given back at once", async () => {
  await app.db.operator.query("alter table usage_events add constraint no_777 check (tokens_out <> 777)");
  const { pat, state, failure, started } = await answered("Can this be kept?", { in: 10, out: 777 });
  expect([state, failure?.code]).toEqual(["failed", "internal"]);
  expect(await answerIn(pat, started)).toMatchObject({ state: "failed", text: "Yes.", failure: { code: "internal" } });
  expect(await counted(app, pat.workspaceId)).toBe(0);
  expect(app.logged()).toContain("the end of an answer was not stored");
  expect(app.logged()).not.toContain("trying again");
  expect(await differences(app)).toEqual([]);
});

test.each([2 ** 53, -500, 1.5])("a provider that counts %s tokens spoils no answer", async (tokens) => {
  const { pat, state, started } = await answered(`Is ${tokens} a number?`, { in: tokens, out: tokens });
  expect(state).toBe("complete");
  expect(await answerIn(pat, started)).toMatchObject({ state: "complete", text: "Yes." });
  expect((await pat.get("/api/v1/usage/current")).status).toBe(200);
  expect(await counted(app, pat.workspaceId)).toBe(1);
});
