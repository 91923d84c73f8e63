import type { Agent } from "@charlie/contract";
import { DefaultChatTransport, readUIMessageStream } from "ai";
import { Client as Connection } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { answerIn, ask, counted, differences, heard, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";
import type { AnswerMessage } from "./tell-answer.ts";

let app: TestApp;
let provider: HeldProvider;
let pat: Client;
let agent: Agent;

beforeAll(async () => {
  app = await startTestApp();
  provider = await startHeldProvider();
});
afterAll(async () => {
  await app.close();
  await provider.close();
});
beforeEach(async () => {
  pat = await app.signUp();
  agent = await teach(pat, provider);
});

/** Says whether the database lets anybody in; when not, it also ends every connection there is. */
async function letIn(allowed: boolean): Promise<void> {
  const url = new URL(app.databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = "/postgres";
  const admin = new Connection({ connectionString: url.href });
  await admin.connect();
  await admin.query(`alter database ${name} with allow_connections ${allowed}`);
  if (!allowed) await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  await admin.end();
}

test("an answer that ends while the database is away is stored and counted once when it is back", async () => {
  const reading = await ask(pat, agent.id, { text: "Are you there?" });
  const call = await provider.call("Are you there?");
  call.say("I am.");
  await reading.until("I am.");
  await letIn(false);
  call.finish();
  await vi.waitUntil(() => app.logged().includes("the end of an answer could not be stored; trying again"));
  await letIn(true);
  const { state, usage, started } = heard(await reading.parts);
  expect([state, usage?.messagesLeftToday]).toEqual(["complete", 99]);
  expect(await answerIn(pat, started)).toMatchObject({ state: "complete", text: "I am." });
  expect(await counted(app, pat.workspaceId)).toBe(1);
  expect(await differences(app)).toEqual([]);
});

/** What `useChat` does: the SDK's own client reads the stream, checks each part, and puts the message together. */
const transport = (answerId?: string) =>
  new DefaultChatTransport<AnswerMessage>({
    headers: { cookie: pat.cookie, origin: pat.url },
    prepareSendMessagesRequest: ({ messages }) => ({
      api: `${pat.url}/api/v1/agents/${agent.id}/messages`,
      body: {
        text: messages
          .at(-1)
          ?.parts.map((part) => (part.type === "text" ? part.text : ""))
          .join(""),
      },
    }),
    prepareReconnectToStreamRequest: () => ({ api: `${pat.url}/api/v1/messages/${answerId}/stream` }),
  });

async function wholeMessage(stream: Parameters<typeof readUIMessageStream<AnswerMessage>>[0]["stream"]) {
  let last: AnswerMessage | undefined;
  for await (const message of readUIMessageStream<AnswerMessage>({ stream })) last = message;
  return last;
}

test("the SDK's own client reads an answer, and joins it from its start", async () => {
  const question: AnswerMessage = { id: "q", role: "user", parts: [{ type: "text", text: "By the book?" }] };
  const stream = await transport().sendMessages({
    trigger: "submit-message",
    chatId: "c",
    messageId: undefined,
    messages: [question],
    abortSignal: undefined,
  });
  const message = wholeMessage(stream);
  const call = await provider.call("By the book?");
  call.say("To the ");
  const { rows } = await app.db.operator.query<{ id: string }>(
    "select message_id as id from running_answers where workspace_id = $1",
    [pat.workspaceId],
  );
  const joined = await transport(rows[0]?.id).reconnectToStream({ chatId: "c" });
  expect(joined).not.toBeNull();
  const again = joined && wholeMessage(joined);
  call.say("letter.");
  call.finish();
  const first = await message;
  expect(first).toMatchObject({ id: rows[0]?.id, role: "assistant", metadata: { state: "complete" } });
  expect(first?.parts).toMatchObject([
    { type: "data-started", data: { messageId: rows[0]?.id } },
    { type: "text", text: "To the letter.", state: "done" },
    { type: "data-usage", data: { messagesLeftToday: 99 } },
  ]);
  expect(await again).toEqual(first);
  expect(await transport(rows[0]?.id).reconnectToStream({ chatId: "c" })).toBeNull();
});
