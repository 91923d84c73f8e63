import { randomUUIDv7 } from "node:crypto";
import type { Agent, AnswerStarted, AnswerUsage, Conversation, Failure, Message } from "@charlie/contract";
import { asOperator } from "../src/db/client.ts";
import { findDifferences, type Difference } from "../src/features/usage/index.ts";
import { makeClient, type Client } from "./client.ts";
import type { TestApp } from "./harness.ts";

/** One part of a UI message stream. */
export interface Part {
  type: string;
  messageId?: string;
  delta?: string;
  errorText?: string;
  data?: unknown;
  messageMetadata?: { state: string };
}

/** A stream that is being read. */
export interface Reading {
  status: number;
  headers: Headers;
  /** All parts, once it has ended. */
  parts: Promise<Part[]>;
  /** Waits until this much text has come. */
  until(text: string): Promise<void>;
}

const textOf = (parts: Part[]): string => parts.map(({ delta }) => delta ?? "").join("");

/** Reads server-sent events to their end. A stream that is cut off ends without `[DONE]`. */
export function readStream(response: Response): Reading {
  const parts: Part[] = [];
  const checks = new Set<() => void>();
  const decoder = new TextDecoder();
  let rest = "";
  const take = (bytes: Uint8Array): void => {
    const events = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      if (!event.startsWith("data: ")) continue;
      const data = event.slice(6);
      parts.push(data === "[DONE]" ? { type: "[DONE]" } : (JSON.parse(data) as Part));
    }
    for (const check of checks) check();
  };
  const readAll = async (): Promise<Part[]> => {
    try {
      for await (const bytes of response.body ?? []) take(bytes);
    } catch {
      // The server died or the test left: what came is what there is.
    }
    return parts;
  };
  const all = readAll();
  return {
    status: response.status,
    headers: response.headers,
    parts: all,
    until: (text) =>
      new Promise((resolve, reject) => {
        const check = () => textOf(parts).includes(text) && resolve();
        checks.add(check);
        check();
        void all.then(() => reject(new Error(`the stream ended without "${text}": ${JSON.stringify(parts)}`)));
      }),
  };
}

/** What a stream said, sorted. */
export function heard(parts: Part[]) {
  const data = (type: string) => parts.find((part) => part.type === type)?.data;
  return {
    types: parts.map(({ type }) => type).filter((type, index, all) => type !== "text-delta" || all[index - 1] !== type),
    text: textOf(parts),
    started: data("data-started") as AnswerStarted,
    usage: data("data-usage") as AnswerUsage | undefined,
    failure: data("data-failure") as Failure | undefined,
    error: parts.find(({ type }) => type === "error")?.errorText,
    state: parts.find(({ type }) => type === "finish")?.messageMetadata?.state,
  };
}

/** Asks and starts reading. */
export const ask = async (
  client: Client,
  agentId: string,
  body: object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Reading> =>
  readStream(await client.send("POST", `/api/v1/agents/${agentId}/messages`, body, headers, signal));

/** Asks and waits for the end. */
export const askToEnd = async (client: Client, agentId: string, body: object, headers: Record<string, string> = {}) =>
  heard(await (await ask(client, agentId, body, headers)).parts);

/** An agent of the offline brain, or of a stand-in's model: one with an address of its own, or the one that plays OpenAI. */
export async function teach(client: Client, standIn?: { url: string } | "openai", model = "held"): Promise<Agent> {
  const answers = { who: "You work in a bakery.", rules: "Be kind.", tricks: "We open at 8 in the morning." };
  const { body: agent } = await client.post<Agent>("/api/v1/agents", answers);
  if (!standIn) return agent;
  const provider = standIn === "openai" ? standIn : "compatible";
  const place = standIn === "openai" ? {} : { baseUrl: standIn.url };
  await client.put(`/api/v1/ai-keys/${provider}`, { key: "held-key-1234", ...place });
  const brain = { provider, model, temperature: null, maxOutputTokens: null };
  return (await client.patch<Agent>(`/api/v1/agents/${agent.id}`, { brain })).body;
}

/** The same person, signed in at another server. */
export async function signInAt(url: string, { email, workspaceId, userId }: Client): Promise<Client> {
  const client = makeClient(url);
  const { status } = await client.post("/api/auth/sign-in/email", { email, password: "a good long password" });
  if (status !== 200) throw new Error(`sign-in answered ${status}`);
  return Object.assign(client, { email, workspaceId, userId });
}

export const conversationOf = async (client: Client, id: string): Promise<Conversation> =>
  (await client.get<Conversation>(`/api/v1/conversations/${id}`)).body;

export const answerIn = async (client: Client, { conversationId, messageId }: AnswerStarted): Promise<Message> => {
  const found = (await conversationOf(client, conversationId)).messages.find(({ id }) => id === messageId);
  if (!found) throw new Error("the answer is not in its conversation");
  return found;
};

/** Today's counter of messages; 0 where nothing was ever counted. */
export async function counted({ db }: Pick<TestApp, "db">, workspaceId: string): Promise<number> {
  const { rows } = await db.operator.query<{ value: number }>(
    "select value from usage_metrics where workspace_id = $1 and metric_type = 'messages' and period_start = date_trunc('day', now(), 'UTC')",
    [workspaceId],
  );
  return rows[0]?.value ?? 0;
}

/** Sets today's counter as if so many messages had been answered, with the answers that make it true. */
export async function pretendAnswered(
  { db }: Pick<TestApp, "db">,
  workspaceId: string,
  agentId: string,
  messages: number,
) {
  const [talk, ...ids] = Array.from({ length: 1 + 2 * messages }, () => randomUUIDv7()).toSorted();
  await db.operator.query(
    `with talk as (
      insert into conversations (id, workspace_id, agent_id, title) values ($3, $1, $2, 'Earlier') returning id
    ), asked as (
      insert into messages (id, workspace_id, conversation_id, role, text, state, reply_to, counted_on)
      select answer, $1, talk.id, 'assistant', 'Yes.', 'complete', question, (now() at time zone 'UTC')::date
      from talk, unnest($4::uuid[], $5::uuid[]) as pair (question, answer) returning id, counted_on
    ), ledger as (
      insert into usage_events (message_id, workspace_id, counted_on, agent_id, provider, model, tokens_in, tokens_out, tokens_cached, cost_micros, payer, period_start)
      select asked.id, $1, counted_on, $2, 'offline', 'charlie-offline', 0, 0, 0, 0, 'nobody', date_trunc('month', now(), 'UTC') from asked
    ), daily as (
      insert into usage_daily (workspace_id, day, agent_id, provider, model, payer, messages, tokens_in, tokens_out, tokens_cached, cost_micros)
      select $1, counted_on, $2, 'offline', 'charlie-offline', 'nobody', count(*), 0, 0, 0, 0 from asked group by counted_on
    )
    insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end)
    select $1, 'messages', $6::int, day, day + interval '24 hours' from (select date_trunc('day', now(), 'UTC') as day) today`,
    [
      workspaceId,
      agentId,
      talk,
      ids.filter((_, index) => index % 2 === 0),
      ids.filter((_, index) => index % 2 === 1),
      messages,
    ],
  );
}

/** Today becomes an earlier day (each time another one): what is given back from now on belongs to that one. */
export const passMidnight = ({ db }: Pick<TestApp, "db">, workspaceId: string, daysAgo: number) =>
  db.operator.query(
    `with day as (
      update usage_metrics set period_start = period_start - $2 * interval '24 hours', period_end = period_end - $2 * interval '24 hours'
      where workspace_id = $1 and metric_type = 'messages' and period_start = date_trunc('day', now(), 'UTC')
    ), ledger as (
      update usage_events set counted_on = counted_on - $2::int where workspace_id = $1 and counted_on = (now() at time zone 'UTC')::date
    ), daily as (
      update usage_daily set day = day - $2::int where workspace_id = $1 and day = (now() at time zone 'UTC')::date
    )
    update messages set counted_on = counted_on - $2::int where workspace_id = $1 and counted_on = (now() at time zone 'UTC')::date`,
    [workspaceId, daysAgo],
  );

/** What the invariants of money.md find wrong in the whole database. */
export const differences = ({ db }: Pick<TestApp, "db">): Promise<Difference[]> => asOperator(db, findDifferences);
