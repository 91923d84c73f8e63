import type { Agent, Answer, Conversation, ConversationSummary } from "@charlie/contract";
import type { Client as PgClient, Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acceptSql, loadSql } from "../src/features/chat/accept-sql.ts";
import { endSql } from "../src/features/chat/endings.ts";
import { differences, signInAt, teach } from "./chat.ts";
import type { Client } from "./client.ts";
import { grow } from "./grow.ts";
import { startTestApp, type TestApp } from "./harness.ts";

// A million messages: PostgreSQL itself then tells how it did each statement (auto_explain), the queue's and the
// keys' own included, as the real requests sent them. So a new statement is looked at without being written down here.

interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  Plans?: Node[];
}
interface Seen {
  text: string;
  nodes: Node[];
}

const months = 5;
let app: TestApp;
let first: TestApp;
let pat: Client;
let agent: Agent;
const seen: Seen[] = [];

/** More than the longest conversation and the longest history that is shown; far less than a table that grows. */
const mostRows = 2_000;

/** Rows that were looked at: given on, or found and thrown away. */
const looked = (node: Node): number =>
  ((node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0)) * (node["Actual Loops"] ?? 1);

const allOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(allOf)];

/** Hears the plans of everything that is asked through this pool. */
function hear(pool: Pool): void {
  const heard = new WeakSet<object>();
  pool.on("acquire", (client) => {
    if (heard.has(client)) return;
    heard.add(client);
    (client as unknown as PgClient).on("notice", ({ message }) => {
      const plan = message?.split("plan:\n")[1];
      if (plan === undefined) return;
      const { "Query Text": text, Plan } = JSON.parse(plan) as { "Query Text": string; Plan: Node };
      seen.push({ text, nodes: allOf(Plan) });
    });
  });
}

beforeAll(async () => {
  first = await startTestApp();
  const made = await first.signUp({ plan: "team" });
  agent = await teach(made);
  await grow(first.db.operator, { messages: 1_000_000, months, workspaceId: made.workspaceId, agentId: agent.id });
  const { operator } = first.db;
  const { rows } = await operator.query<{ name: string }>("select current_database() as name");
  const client = await operator.connect();
  await client.query("load 'auto_explain'");
  for (const setting of [
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_timing = off",
    "auto_explain.log_nested_statements = on",
    "auto_explain.log_format = json",
    "auto_explain.log_level = notice",
  ])
    await client.query(`alter database ${rows[0]?.name} set ${setting}`);
  client.release();
  app = await startTestApp({ databaseUrl: first.databaseUrl, deps: { brainTimings: { offlinePauseMs: 0 } } });
  hear(app.db.app);
  hear(app.db.operator);
  pat = await signInAt(app.url, made);
}, 180_000);
afterAll(async () => {
  await app.close();
  await first.close();
});

async function need<T>(step: Promise<{ status: number; body: T }>): Promise<T> {
  const { status, body } = await step;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

test("whatever people do, no table that grows is read from end to end, nor a workspace's whole part of it", async () => {
  const path = `/api/v1/agents/${agent.id}`;
  const ask = (body: object, key: string = crypto.randomUUID()) =>
    need(pat.post<Answer>(`${path}/messages`, body, { "idempotency-key": key }));
  seen.length = 0;
  for (const page of ["/api/v1/me", "/api/v1/projects", "/api/v1/agents", path]) await need(pat.get(page));
  for (const page of ["usage/current", "usage/limits"]) await need(pat.get(`/api/v1/${page}`));
  for (const metric of ["messages", "tokens", "ai_cost_micros", "agents_created"])
    for (const by of ["day", "agent", "model"])
      await need(pat.get(`/api/v1/usage/history?metric=${metric}&days=366&by=${by}`));
  await need(pat.get("/api/v1/usage/export?days=366"));
  type Page = { items: ConversationSummary[]; nextCursor: string | null };
  const recent = await need(pat.get<Page>(`${path}/conversations?limit=50`));
  expect(recent.items).toHaveLength(50);
  const older = await need(pat.get<Page>(`${path}/conversations?limit=50&cursor=${recent.nextCursor}`));
  const other = older.items[0]?.id ?? "";
  // The first of all: everything the workspace ever said came after it.
  const { rows: talks } = await first.db.operator.query<{ id: string }>(
    "select id from conversations where workspace_id = $1 order by id limit 1",
    [pat.workspaceId],
  );
  const talk = talks[0]?.id ?? "";
  expect((await need(pat.get<Conversation>(`/api/v1/conversations/${talk}`))).messages).toHaveLength(20);
  await ask({ text: "When do you open?" });
  const said = await ask({ text: "And on Sundays?", conversationId: talk }, "twice");
  expect(await ask({ text: "And on Sundays?", conversationId: talk }, "twice")).toEqual(said);
  await ask({ text: "And on Mondays?", conversationId: talk, replaces: said.userMessageId });
  await need(pat.put(`/api/v1/messages/${said.messageId}/feedback`, { rating: "up" }));
  await need(pat.post(`/api/v1/messages/${said.messageId}/stop`, {}));
  await need(pat.delete(`/api/v1/conversations/${other}`));
  for (const task of ["sweep_answers", "housekeeping"]) await app.app.jobs.tasks[task]?.({}, {} as never);

  const { rows } = await first.db.operator.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and reltuples > 1000 and relnamespace in ('public'::regnamespace, 'partitions'::regnamespace)",
  );
  const big = new Set(rows.map(({ name }) => name));
  expect(big.size).toBeGreaterThan(2 * months);
  for (const table of ["conversations", "usage_daily", "usage_metrics"]) expect(big).toContain(table);
  // What matters most was heard, so silence is not success.
  const texts = seen.map(({ text }) => text).join("\n");
  for (const text of [loadSql, acceptSql, endSql, "usage_daily", '"messages" x']) expect(texts).toContain(text);
  const scans = seen.flatMap(({ text, nodes }) =>
    nodes
      .filter((node) => big.has(node["Relation Name"] ?? ""))
      .filter((node) => node["Node Type"] === "Seq Scan" || looked(node) > mostRows)
      .map((node) => `${node["Node Type"]} of ${node["Relation Name"]}, ${looked(node)} rows: ${text}`),
  );
  expect(scans).toEqual([]);
}, 60_000);

test("a conversation of this month is gone on with without a look into the months before", async () => {
  const started = await need(pat.post<Answer>(`/api/v1/agents/${agent.id}/messages`, { text: "When do you open?" }));
  seen.length = 0;
  const { conversationId } = started;
  await need(pat.post(`/api/v1/agents/${agent.id}/messages`, { text: "And on Sundays?", conversationId }));
  await need(pat.get(`/api/v1/conversations/${conversationId}`));
  const names = seen.flatMap(({ nodes }) => nodes.map((node) => node["Relation Name"] ?? ""));
  const now = new Date().toISOString().slice(0, 7).replace("-", "_");
  const parts = [...new Set(names)].filter((name) => /^(messages|usage_events)_/.test(name));
  expect(parts).toContain(`messages_${now}`);
  expect(parts).toContain(`usage_events_${now}`);
  expect(parts.filter((name) => name.slice(-7) < now)).toEqual([]);
}, 60_000);

test("the books of a million messages agree", async () => {
  expect(await differences(app)).toEqual([]);
}, 60_000);
