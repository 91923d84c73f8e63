import { randomUUIDv7 } from "node:crypto";
import type { Agent, AiKey, Answer, Problem, Project } from "@charlie/contract";
import type { Client } from "./client.ts";
import type { TestApp } from "./harness.ts";

/** Where a furnished workspace's things are. */
export interface Furniture {
  workspace: string;
  project: string;
  agent: string;
  conversation: string;
  question: string;
  answer: string;
  decision: string;
}

/** What the furnished workspace's key is; its provider has to take it. */
export const furnitureKey = "furniture-key-of-the-owner";

async function need<T>(step: Promise<{ status: number; body: T }>, ...expected: number[]): Promise<T> {
  const { status, body } = await step;
  if (!expected.includes(status)) throw new Error(`furnishing: ${status} ${JSON.stringify(body)}`);
  return body;
}

/**
 * Gives somebody's workspace at least one row in every table that belongs to workspaces. `mark` stands in all its
 * texts. `providerUrl` is a stand-in of the AI providers.
 */
export async function furnish(app: TestApp, client: Client, mark: string, providerUrl: string): Promise<Furniture> {
  const { items } = await need(client.get<{ items: Project[] }>("/api/v1/projects"), 200);
  const project = items[0]?.id ?? "";
  await need(client.patch(`/api/v1/projects/${project}`, { name: `Project ${mark}` }), 200);
  await need(client.put<AiKey>("/api/v1/ai-keys/compatible", { key: furnitureKey, baseUrl: providerUrl }), 200);
  const taught = { name: `Agent ${mark}`, who: `Who ${mark}`, rules: `Rules ${mark}`, tricks: `Tricks ${mark}` };
  const agent = await need(client.post<Agent>("/api/v1/agents", taught), 201);
  const brain = { provider: "compatible", model: "echo", temperature: null, maxOutputTokens: null };
  await need(client.patch(`/api/v1/agents/${agent.id}`, { brain }), 200);
  const text = `Question ${mark}`;
  const key = { "idempotency-key": "furniture" };
  const said = await need(client.post<Answer>(`/api/v1/agents/${agent.id}/messages`, { text }, key), 200);
  // On Free there is room for one project, so this is a decision of a limit.
  const refused = await need(client.post<Problem>("/api/v1/projects", { name: "One too many" }), 402);
  const ids = [client.workspaceId, said.conversationId, randomUUIDv7(), said.userMessageId];
  await app.db.operator.query(
    `with running as (
      insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on, replaced_at)
      values ($3, $1, $2, 'assistant', '', 'answering', $4, current_date, now())
    )
    insert into running_answers (message_id, workspace_id, conversation_id, period_start, period_end)
    values ($3, $1, gen_random_uuid(), now(), now())`,
    ids,
  );
  await app.db.operator.query(
    `insert into subscriptions (workspace_id, stripe_subscription_id, status, plan, price_id, billing_interval, current_period_start, current_period_end, mrr_micros)
    values ($1::uuid, 'sub_' || $1::text, 'canceled', 'free', 'price_1', 'month', now(), now(), 0)`,
    [client.workspaceId],
  );
  await app.db.operator.query(
    "insert into retired_messages (workspace_id, month, answers) values ($1, '2020-01-01', 0)",
    [client.workspaceId],
  );
  await app.db.operator.query(
    `with period as (
      insert into usage_periods (workspace_id, stripe_item_id, stripe_price_id, stripe_subscription_id, stripe_customer_id, period_start, period_end)
      values ($1::uuid, 'si_' || $1::text, 'price_1', 'sub_' || $1::text, 'cus_' || $1::text, now(), now()) returning *
    )
    insert into usage_reports (id, workspace_id, stripe_item_id, period_start, identifier, micros, reported_for)
    select gen_random_uuid(), workspace_id, stripe_item_id, period_start, stripe_item_id, 0, period_start from period`,
    [client.workspaceId],
  );
  await app.db.operator.query(
    "insert into revenue_changes (id, workspace_id, kind, amount_micros, at) values ($2, $1, 'new', 1, now())",
    [client.workspaceId, randomUUIDv7()],
  );
  await app.db.operator.query(
    "insert into billing_differences (id, workspace_id, kind, repaired_at) values ($2, $1, 'state', now())",
    [client.workspaceId, randomUUIDv7()],
  );
  return {
    workspace: client.workspaceId,
    project,
    agent: agent.id,
    conversation: said.conversationId,
    question: said.userMessageId,
    answer: said.messageId,
    decision: refused.decision?.id ?? "",
  };
}
