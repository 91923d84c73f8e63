import type { Agent, Answer, Problem } from "@charlie/contract";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { answerIn, ask, askToEnd, conversationOf, counted, differences, heard, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";

let app: TestApp;
let provider: HeldProvider;
let pat: Client;
let agent: Agent;

beforeAll(async () => {
  app = await startTestApp({ deps: { brainTimings: { offlinePauseMs: 0 } } });
  provider = await startHeldProvider();
});
afterAll(async () => {
  await app.close();
  await provider.close();
});
beforeEach(async () => {
  pat = await app.signUp();
  agent = await teach(pat);
});
afterEach(async () => {
  expect(await differences(app)).toEqual([]);
});

const json = { accept: "application/json" };
const questionsOf = async (client: Client, id: string): Promise<string[]> =>
  (await conversationOf(client, id)).messages.filter(({ role }) => role === "user").map(({ text }) => text);

test("an answer streams in the UI message protocol, is stored with its trace and counted once", async () => {
  const reading = await ask(pat, agent.id, { text: "When do you open?" });
  expect(reading.status).toBe(200);
  expect(Object.fromEntries(reading.headers)).toMatchObject({
    "content-type": "text/event-stream",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
    "x-vercel-ai-ui-message-stream": "v1",
  });
  const parts = await reading.parts;
  const { types, text, started, usage, state } = heard(parts);
  expect(types).toEqual([
    "start",
    "data-started",
    "text-start",
    "text-delta",
    "text-end",
    "data-usage",
    "finish",
    "[DONE]",
  ]);
  expect(parts[0]?.messageId).toBe(started.messageId);
  expect(text).toContain("8 in the morning");
  expect(usage).toMatchObject({ costMicros: 0, payer: "nobody", messagesLeftToday: 99 });
  expect(state).toBe("complete");
  expect(await counted(app, pat.workspaceId)).toBe(1);

  const { title, messages } = await conversationOf(pat, started.conversationId);
  expect(title).toBe("When do you open?");
  expect(messages.map(({ role, state: how }) => `${role} ${how}`)).toEqual(["user complete", "assistant complete"]);
  const answer = await answerIn(pat, started);
  expect(answer).toMatchObject({ text, failure: null, feedback: null });
  expect(answer.trace?.steps.map(({ type }) => type)).toEqual(["input", "instructions", "taught", "brain", "output"]);
  expect(answer.usage).toMatchObject({ tokensOut: usage?.tokensOut, payer: "nobody" });
  expect((await pat.get<Agent>(`/api/v1/agents/${agent.id}`)).body.lastUsedAt).not.toBeNull();
});

test("a program gets the whole answer at once, and a failure as a problem", async () => {
  const { status, body } = await pat.post<Answer>(`/api/v1/agents/${agent.id}/messages`, { text: "When do you open?" });
  expect(status).toBe(200);
  expect(body).toMatchObject({ state: "complete", usage: { messagesLeftToday: 99 } });
  expect(body.text).toContain("8 in the morning");

  const held = await teach(pat, provider);
  const asked = pat.post<Problem>(`/api/v1/agents/${held.id}/messages`, { text: "And who cuts?" });
  // On a connection that was used before it is asked once more: it may have been closed before the question came.
  const cutting = async (): Promise<never> => {
    for (;;) (await provider.call("And who cuts?")).cut();
  };
  const failed = await Promise.race([asked, cutting()]);
  expect(failed.status).toBe(502);
  expect(failed.body).toMatchObject({ code: "unreachable", detail: expect.stringContaining("try again") });
  expect(await counted(app, pat.workspaceId)).toBe(1);
});

test("a failing provider gives the message back and says so plainly, with what came until then", async () => {
  const held = await teach(pat, provider);
  const reading = await ask(pat, held.id, { text: "Break, please" });
  const call = await provider.call("Break, please");
  call.say("Half of");
  await reading.until("Half of");
  expect(await counted(app, pat.workspaceId)).toBe(1);
  call.cut();
  const { types, failure, error, usage, state, started } = heard(await reading.parts);
  expect(types.slice(-5)).toEqual(["text-end", "data-failure", "error", "finish", "[DONE]"]);
  expect(error).toBe("The answer broke off before its end. Try again.");
  expect(failure).toEqual({ code: "cut_off", message: error });
  expect([usage, state]).toEqual([undefined, "failed"]);
  expect(await answerIn(pat, started)).toMatchObject({ state: "failed", text: "Half of", failure, usage: null });
  expect(await counted(app, pat.workspaceId)).toBe(0);
});

test("a missing key counts nothing and opens no conversation", async () => {
  const brain = { provider: "openai", model: null, temperature: null, maxOutputTokens: null };
  await pat.patch(`/api/v1/agents/${agent.id}`, { brain });
  const { status, body } = await pat.post<Problem>(`/api/v1/agents/${agent.id}/messages`, { text: "Hello?" });
  expect([status, body.code]).toEqual([409, "key_missing"]);
  expect(await counted(app, pat.workspaceId)).toBe(0);
  const { body: list } = await pat.get<{ items: unknown[] }>(`/api/v1/agents/${agent.id}/conversations`);
  expect(list.items).toEqual([]);
});

test("a conversation is remembered, without what failed and what was replaced", async () => {
  const held = await teach(pat, provider);
  const talk = async (text: string, answer: string | null, rest: object = {}) => {
    const reading = await ask(pat, held.id, { text, ...rest });
    const call = await provider.call(text);
    if (answer === null) call.cut();
    else {
      call.say(answer);
      call.finish();
    }
    return { ...heard(await reading.parts), earlier: call.earlier };
  };
  const first = await talk("One?", "First.");
  const { conversationId } = first.started;
  await talk("Two?", null, { conversationId });
  const third = await talk("Three?", "Third.", { conversationId });
  expect(third.earlier).toEqual(["One?", "First."]);
  const edited = await talk("Three, better?", "Better.", { conversationId, replaces: third.started.userMessageId });
  expect(edited.earlier).toEqual(["One?", "First."]);
  const last = await talk("Four?", "Fourth.", { conversationId });
  expect(last.earlier).toEqual(["One?", "First.", "Three, better?", "Better."]);
  expect(await questionsOf(pat, conversationId)).toEqual(["One?", "Two?", "Three, better?", "Four?"]);
  // Asked five times, one of them failed; what was replaced was answered, so it stays counted.
  expect(await counted(app, pat.workspaceId)).toBe(4);
});

test("only the last question can be asked again or edited, and in its own conversation", async () => {
  const first = await askToEnd(pat, agent.id, { text: "Who are you?" });
  const { conversationId, userMessageId } = first.started;
  const second = await askToEnd(pat, agent.id, { text: "When do you open?", conversationId });
  const refused = await pat.post<Problem>(`/api/v1/agents/${agent.id}/messages`, {
    text: "Too late",
    conversationId,
    replaces: userMessageId,
  });
  expect([refused.status, refused.body.code]).toEqual([409, "not_last_question"]);
  const nowhere = { text: "Where?", replaces: second.started.userMessageId };
  const unplaced = await pat.post<Problem>(`/api/v1/agents/${agent.id}/messages`, nowhere);
  expect([unplaced.status, unplaced.body.code]).toEqual([400, "conversation_missing"]);
  const again = await askToEnd(pat, agent.id, {
    text: "When do you open?",
    conversationId,
    replaces: second.started.userMessageId,
  });
  expect(again.state).toBe("complete");
  expect(await questionsOf(pat, conversationId)).toEqual(["Who are you?", "When do you open?"]);
});

test("an edited first question gives the conversation its name", async () => {
  const { started } = await askToEnd(pat, agent.id, { text: "Wen do yuo opne?" });
  const { conversationId, userMessageId } = started;
  const long = `When do you ${"really ".repeat(20)}open?`;
  await askToEnd(pat, agent.id, { text: long, conversationId, replaces: userMessageId });
  const { title } = await conversationOf(pat, conversationId);
  expect(title).toHaveLength(80);
  expect(title).toMatch(/^When do you really .*…$/);
});

test("two tabs at once: one is answered, the other is told to wait; asking again while it runs too", async () => {
  const held = await teach(pat, provider);
  const before = await ask(pat, held.id, { text: "Before" });
  const opening = await provider.call("Before");
  opening.say("Yes.");
  opening.finish();
  const { conversationId } = heard(await before.parts).started;
  const tabs = await Promise.all(
    ["Left tab", "Right tab"].map((text) =>
      pat.send("POST", `/api/v1/agents/${held.id}/messages`, { text, conversationId }),
    ),
  );
  expect(new Set(tabs.map(({ status }) => status))).toEqual(new Set([200, 409]));
  const refused = tabs.find(({ status }) => status === 409);
  expect(await refused?.json()).toMatchObject({
    code: "answer_running",
    detail: expect.stringContaining("still answering"),
  });
  const running = tabs.findIndex(({ status }) => status === 200);
  const call = await provider.call(running === 0 ? "Left tab" : "Right tab");
  const asked = (await conversationOf(pat, conversationId)).messages.findLast(({ role }) => role === "user");
  const again = { text: "Again", conversationId, replaces: asked?.id };
  expect((await pat.post<Problem>(`/api/v1/agents/${held.id}/messages`, again)).body.code).toBe("answer_running");
  expect((await pat.delete<Problem>(`/api/v1/conversations/${conversationId}`)).body.code).toBe("answer_running");
  call.say("Here.");
  call.finish();
  await tabs[running]?.text();
  expect(await counted(app, pat.workspaceId)).toBe(2);
});

test.each([
  ["empty", "   "],
  ["too long", "a".repeat(8_001)],
  ["with a NUL", "a\u0000b"],
])("a question that is %s is refused in plain words and not counted", async (_, text) => {
  const { status, body } = await pat.post<Problem>(`/api/v1/agents/${agent.id}/messages`, { text });
  expect([status, body.code]).toEqual([400, "invalid_input"]);
  expect(body.fields?.[0]?.message).toMatch(/Write a question|under 8,000 characters|cannot be stored/);
  expect(await counted(app, pat.workspaceId)).toBe(0);
});

test("what PostgreSQL cannot store in an answer is left out, and split characters stay whole", async () => {
  const held = await teach(pat, provider);
  const reading = await ask(pat, held.id, { text: "Odd characters" });
  const call = await provider.call("Odd characters");
  for (const piece of ["Nul\u0000l ", "\uD83D", "\uDC36", " lone \uDC36"]) call.say(piece);
  call.finish();
  const { started, text } = heard(await reading.parts);
  expect(text).toBe("Null 🐶 lone \uFFFD");
  expect(await answerIn(pat, started)).toMatchObject({ state: "complete", text });
});

test("an agent that is gone is not asked", async () => {
  await pat.delete(`/api/v1/agents/${agent.id}`);
  const { status } = await pat.post(`/api/v1/agents/${agent.id}/messages`, { text: "Hello?" }, json);
  expect(status).toBe(404);
});
