import type { ConversationSummary, Message, Problem } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askToEnd, conversationOf, counted, differences, teach } from "../../../test/chat.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { makeCtx } from "../../context.ts";
import { listConversations } from "./list-conversations.ts";
import { rateMessage } from "./rate-message.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ deps: { brainTimings: { offlinePauseMs: 0 } } });
});
afterAll(() => app.close());

interface Page {
  items: ConversationSummary[];
  nextCursor: string | null;
}

test("conversations are listed page by page, those asked in last first", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  const started = [];
  for (const text of ["One?", "Two?", "Three?", "Four?", "Five?"]) {
    started.push((await askToEnd(pat, agent.id, { text })).started);
  }
  await askToEnd(pat, agent.id, { text: "One more?", conversationId: started[1]?.conversationId });
  const path = `/api/v1/agents/${agent.id}/conversations`;
  const titles: string[] = [];
  let cursor: string | null = null;
  do {
    const { body }: { body: Page } = await pat.get<Page>(`${path}?limit=2${cursor ? `&cursor=${cursor}` : ""}`);
    titles.push(...body.items.map(({ title }) => title));
    cursor = body.nextCursor;
  } while (cursor);
  expect(titles).toEqual(["Two?", "Five?", "Four?", "Three?", "One?"]);
  for (const forged of [["x", "y"], ["1", "y"], ["99999999999999999999", agent.id], ["1"]]) {
    const wrong = Buffer.from(JSON.stringify(forged)).toString("base64url");
    expect((await pat.get<Problem>(`${path}?cursor=${wrong}`)).body.code).toBe("invalid_cursor");
  }
});

test("an answer is rated, and rated otherwise", async () => {
  const pat = await app.signUp();
  const { started } = await askToEnd(pat, (await teach(pat)).id, { text: "When do you open?" });
  const path = `/api/v1/messages/${started.messageId}/feedback`;
  await pat.put(path, { rating: "up" });
  const { status, body } = await pat.put<Message>(path, { rating: "down", reason: "Too short." });
  expect([status, body.feedback]).toEqual([200, { rating: "down", reason: "Too short." }]);
  const { messages } = await conversationOf(pat, started.conversationId);
  expect(messages.map(({ feedback }) => feedback)).toEqual([null, { rating: "down", reason: "Too short." }]);
  expect((await pat.put(`/api/v1/messages/${started.userMessageId}/feedback`, { rating: "up" })).status).toBe(404);
  expect((await pat.put(path, { rating: "sideways" })).status).toBe(400);
});

test("a deleted conversation is gone, with its answers; what it used stays counted, and who deleted it is on record", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  const { started } = await askToEnd(pat, agent.id, { text: "When do you open?" });
  const path = `/api/v1/conversations/${started.conversationId}`;
  expect((await pat.delete(path)).status).toBe(204);
  expect((await pat.get(path)).status).toBe(404);
  expect((await pat.delete(path)).status).toBe(404);
  expect((await pat.get(`/api/v1/messages/${started.messageId}/stream`)).status).toBe(404);
  const again = { text: "Still here?", conversationId: started.conversationId };
  expect((await pat.post(`/api/v1/agents/${agent.id}/messages`, again)).status).toBe(404);
  const { body } = await pat.get<Page>(`/api/v1/agents/${agent.id}/conversations`);
  expect(body.items).toEqual([]);
  expect(await counted(app, pat.workspaceId)).toBe(1);
  expect(await differences(app)).toEqual([]);
  const { rows } = await app.db.operator.query("select actor_id from audit_log where subject_id = $1", [
    started.conversationId,
  ]);
  expect(rows).toEqual([{ actor_id: pat.userId }]);
});

test("a stranger finds nothing: not the agent, the conversation or the answer, and changes nothing", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  const { started } = await askToEnd(pat, agent.id, { text: "When do you open?" });
  const kim = await app.signUp();
  const own = await teach(kim);
  const text = "May I?";
  const attempts: [method: string, path: string, body?: object][] = [
    ["POST", `/api/v1/agents/${agent.id}/messages`, { text }],
    ["POST", `/api/v1/agents/${own.id}/messages`, { text, conversationId: started.conversationId }],
    ["POST", `/api/v1/agents/${agent.id}/messages`, { text, conversationId: started.conversationId }],
    ["GET", `/api/v1/messages/${started.messageId}/stream`],
    ["POST", `/api/v1/messages/${started.messageId}/stop`],
    ["PUT", `/api/v1/messages/${started.messageId}/feedback`, { rating: "down" }],
    ["GET", `/api/v1/agents/${agent.id}/conversations`],
    ["GET", `/api/v1/conversations/${started.conversationId}`],
    ["DELETE", `/api/v1/conversations/${started.conversationId}`],
  ];
  for (const [method, path, body] of attempts) {
    const reply = await kim.send(method, path, body);
    expect([method, path, reply.status]).toEqual([method, path, 404]);
    expect(await reply.json()).toMatchObject({ code: "not_found" });
    expect((await app.stranger().send(method, path, body)).status).toBe(401);
  }
  expect(await counted(app, kim.workspaceId)).toBe(0);
  const { messages } = await conversationOf(pat, started.conversationId);
  expect(messages.map(({ feedback }) => feedback)).toEqual([null, null]);
  // The reader's own other agent does not take the conversation either.
  const other = await teach(pat);
  const misplaced = { text, conversationId: started.conversationId };
  expect((await pat.post(`/api/v1/agents/${other.id}/messages`, misplaced)).status).toBe(404);
});

test("a viewer reads, and neither asks nor rates", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  const { started } = await askToEnd(pat, agent.id, { text: "When do you open?" });
  const viewer = makeCtx({ ...app.ctxOf(pat), role: "viewer" });
  expect((await listConversations(viewer, agent.id, { limit: 5 })).items).toHaveLength(1);
  await expect(rateMessage(viewer, started.messageId, { rating: "up" })).rejects.toMatchObject({ status: 403 });
});
