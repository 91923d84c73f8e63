import type { Agent, Answer, Conversation, ConversationSummary } from "@charlie/contract";
import * as contract from "@charlie/contract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { acceptSql, loadSql } from "../src/features/chat/accept-sql.ts";
import { endSql } from "../src/features/chat/endings.ts";
import { askAll } from "./ask-all.ts";
import { differences, signInAt, teach } from "./chat.ts";
import type { Client } from "./client.ts";
import { operatorEndpoints } from "./endpoint-cases.ts";
import { furnish } from "./furnish.ts";
import { growCustomers, people } from "./grow-customers.ts";
import { grow } from "./grow.ts";
import { startTestApp, type TestApp } from "./harness.ts";
import { jobPayloads } from "./job-payloads.ts";
import { operatorLists, readPages } from "./operator-lists.ts";
import { operatorEnv, signUpOperator } from "./operator.ts";
import { startPaidApp, type PaidApp } from "./paid-app.ts";
import { bigTables, explainAll, hear, scansOf, type Seen } from "./plans.ts";
import { clerkUser, startClerkStandIn } from "./stand-ins/clerk.ts";
import { startProviderStandIn, type ProviderStandIn } from "./stand-ins/providers.ts";

// A million messages: PostgreSQL itself then tells how it did each statement (auto_explain), the queue's and the
// keys' own included, as the real requests sent them. So a new statement is looked at without being written down here.

const months = 5;
/** What holds only what goes on right now, and the list of migrations: small whatever grows. */
const small = ["running_answers", "schema_migrations"];
let app: PaidApp;
let first: TestApp;
let provider: ProviderStandIn;
let pat: Client;
let boss: Client;
let agent: Agent;
let big: Set<string>;
const seen: Seen[] = [];

beforeAll(async () => {
  first = await startTestApp();
  const made = await first.signUp({ plan: "team" });
  agent = await teach(made);
  await grow(first.db.operator, { messages: 1_000_000, months, workspaceId: made.workspaceId, agentId: agent.id });
  await growCustomers(first.db.operator);
  await explainAll(first.db.operator);
  app = await startPaidApp({
    databaseUrl: first.databaseUrl,
    env: { ...operatorEnv, POSTHOG_KEY: "phc_nobody", MESSAGE_RETENTION_MONTHS: "24" },
    parts: { brainTimings: { offlinePauseMs: 0 } },
  });
  for (const pool of [app.db.app, app.db.operator]) hear(pool, seen);
  provider = await startProviderStandIn();
  pat = await signInAt(app.url, made);
  boss = await signUpOperator(app);
  big = await bigTables(first.db.operator);
}, 300_000);
beforeEach(() => void (seen.length = 0));
afterAll(async () => {
  await app.close();
  await first.close();
  await provider.close();
});

async function need<T>(step: Promise<{ status: number; body: T }>): Promise<T> {
  const { status, body } = await step;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Keeps what was scanned meanwhile under a name. */
const note = (found: Record<string, string[]>, name: string, most?: number): void => {
  const scans = scansOf(seen, big, most);
  if (scans.length > 0) found[name] = scans;
};

test("every table that grows is so large here that a scan of it shows", async () => {
  const { rows } = await first.db.operator.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and not relispartition and relnamespace = 'public'::regnamespace",
  );
  expect(new Set(rows.flatMap(({ name }) => (big.has(name) ? [] : name)))).toEqual(new Set(small));
  expect([...big].filter((name) => /^(messages|usage_events)_/.test(name)).length).toBeGreaterThan(2 * months);
});

test("whatever people do, no table that grows is read from end to end, nor a workspace's whole part of it", async () => {
  const path = `/api/v1/agents/${agent.id}`;
  const ask = (body: object, key: string = crypto.randomUUID()) =>
    need(pat.post<Answer>(`${path}/messages`, body, { "idempotency-key": key }));
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

  // What matters most was heard, so silence is not success.
  const texts = seen.map(({ text }) => text).join("\n");
  for (const text of [loadSql, acceptSql, endSql, "usage_daily", '"messages" x']) expect(texts).toContain(text);
  expect(scansOf(seen, big)).toEqual([]);
}, 60_000);

test("the books of a million messages agree", async () => {
  expect(await differences(app)).toEqual([]);
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

test("nor by anything else that somebody can ask for in a workspace", async () => {
  const sam = await app.signUp();
  const own = await furnish(app, sam, "of-sam", provider.url);
  for await (const { name, status, text, expected } of askAll(app, sam, own, provider.url))
    expect([name, status, status === expected ? "" : text]).toEqual([name, expected, ""]);
  expect(scansOf(seen, big)).toEqual([]);
}, 60_000);

test("nor by whoever signs up, in or out, or has forgotten the password", async () => {
  const somebody = app.stranger();
  const { email } = await app.signUp({ confirmed: false });
  const auth = (path: string, body: object) => need(somebody.post(`/api/auth/${path}`, body));
  await auth("send-verification-email", { email });
  await auth("request-password-reset", { email, redirectTo: "/reset-password" });
  const { rows } = await first.db.operator.query<{ token: string }>(
    "select substr(dedupe_key, 7) as token from mails where recipient = $1 and dedupe_key ~ '^reset:'",
    [email],
  );
  await auth("reset-password", { token: rows[0]?.token, newPassword: "another good long password" });
  await auth("sign-in/email", { email, password: "another good long password" });
  await auth("sign-out", {});
  for (const page of ["/mail", "/health", "/readyz", "/home"]) await somebody.get(page);
  expect(scansOf(seen, big)).toEqual([]);
}, 60_000);

test("nor by Clerk's people, when they come, change and go", async () => {
  const clerk = await startClerkStandIn();
  const other = await startTestApp({ databaseUrl: first.databaseUrl, clerk });
  for (const pool of [other.db.app, other.db.operator]) hear(pool, seen);
  const person = clerkUser();
  for (const type of ["user.created", "user.updated", "user.deleted"])
    expect(await clerk.send(other.url, type, person)).toBe(200);
  await other.signUp();
  await clerk.send(other.url, "session.ended", {
    object: "session",
    id: "sess_gone",
    user_id: person.id,
    status: "ended",
  });
  await other.close();
  await clerk.close();
  expect(seen.map(({ text }) => text).join("\n")).toContain('delete from "users"');
  expect(scansOf(seen, big)).toEqual([]);
}, 60_000);

test("nor by whoever runs the service", async () => {
  const asked = new Set<contract.EndpointDefinition>();
  const found: Record<string, string[]> = {};
  const ask = async (endpoint: contract.EndpointDefinition, id = "", query = "", most?: number) => {
    asked.add(endpoint);
    seen.length = 0;
    const path = contract.pathOf(endpoint, { id });
    if (endpoint.method === "GET") await readPages(boss, `${path}?${query}`, 3);
    else await need(boss.post(path));
    note(found, `${path}?${query}`, most);
  };
  const { rows } = await first.db.operator.query<Record<"id" | "event" | "decision", string>>(
    `select w.id, e.id as event, (select d.id from decisions d limit 1) as decision
     from workspaces w join billing_events e using (stripe_customer_id) where stripe_customer_id = 'cus_80' limit 1`,
  );
  const { id, event, decision } = rows[0] ?? {};
  for (const [endpoint, ...queries] of operatorLists) for (const query of queries) await ask(endpoint, "", query);
  await ask(contract.getCustomer, id);
  await ask(contract.listCustomerAudit, id);
  // Of somebody who never paid: the invoices themselves are Stripe's.
  await ask(contract.listCustomerInvoices, boss.workspaceId);
  await ask(contract.getBillingEvent, event);
  await ask(contract.replayBillingEvent, event);
  await ask(contract.getCustomerDecision, decision);
  await ask(contract.getLaunch);
  await ask(contract.checkLaunch);
  // What moved in a year is added up: a narrow row of the index for each change of a plan that is paid for. More years
  // can be most of what there ever was, and then reading all of it is right.
  for (const query of ["months=1", "months=12"]) await ask(contract.getRevenue, "", query, people);
  // The hourly comparison: each customer is looked at, a hundred at a time.
  await ask(contract.startReconciliation);
  await expect
    .poll(() => boss.get(contract.getReconciliation.path), { timeout: 60_000, interval: 500 })
    .toMatchObject({ body: { latest: { finishedAt: expect.any(String) as string } } });
  await ask(contract.getReconciliation);
  expect(found).toEqual({});
  // The audit reads everything: that is what it is for.
  expect(operatorEndpoints.filter(([, each]) => !asked.has(each)).map(([name]) => name)).toEqual(["auditBooks"]);
}, 120_000);

test("nor by the jobs, each minute, each hour and each night", async () => {
  const payloads = await jobPayloads(first.db.operator, pat.workspaceId);
  const { "billing-reconcile": _asked, ...tasks } = app.app.jobs.tasks;
  expect(Object.keys(payloads).toSorted()).toEqual(Object.keys(tasks).toSorted());
  const found: Record<string, string[]> = {};
  for (const [name, payload] of Object.entries(payloads)) {
    seen.length = 0;
    await tasks[name]?.(payload, {} as never);
    note(found, name);
  }
  expect(found).toEqual({});
}, 60_000);

test("words that very many have find each of them once, on pages that may be short", async () => {
  const found = await readPages(boss, `${contract.listCustomers.path}?limit=100&search=person15`);
  const { rows } = await first.db.operator.query<{ id: string }>(
    "select m.workspace_id as id from members m join users u on u.id = m.user_id where u.name like '%Person15%' order by 1 desc",
  );
  expect(rows.length).toBeGreaterThan(1_000);
  expect(found).toEqual(rows.map(({ id }) => id));
}, 60_000);
