import type { Flow, PlanId } from "@charlie/contract";
import type { Ctx } from "../../context.ts";
import { oneStatement } from "../../db/client.ts";
import { notFound } from "../../errors.ts";
import { keepAtMost } from "../../keep-last.ts";
import type { SavedKey } from "../ai/index.ts";
import { loadSql } from "./accept-sql.ts";
import type { Question } from "./types.ts";

/** What decides about a question. */
export interface Loaded {
  plan: PlanId;
  agentName: string | null;
  flow: Flow | null;
  frozen: boolean;
  /** When the conversation last changed, to the microsecond; null where there is none. */
  version: string | null;
  keyHash: string | null;
  messageId: string | null;
  used: number;
  resetsAt: Date;
  /** What the workspace set for AI on the operator's key, what it has cost in this billing period, and what is held of it. */
  spendCapMicros: number | null;
  spent: number;
  held: number;
  periodEnd: Date;
  keys: SavedKey[] | null;
  /** Differs once the workspace's spend cap, the agent or a key does. */
  mark: string;
  turns: [question: string, answer: string][] | null;
  lastQuestion: string | null;
  lastAnswer: string | null;
  /** It was loaded for an earlier question: accept makes sure that it is still so. */
  isKnown?: true;
}

/** Reads what decides about a question, in one round trip. Throws 404 for a workspace that is gone. */
export async function load({ db, workspaceId }: Ctx, question: Question): Promise<Loaded> {
  const { agentId, conversationId, replaces, idempotency } = question;
  const [loaded] = await oneStatement<Loaded>(db, workspaceId, {
    name: "chat-load",
    text: loadSql,
    values: [workspaceId, agentId, conversationId ?? null, idempotency?.key ?? null, replaces ?? null],
  });
  if (!loaded) throw notFound("workspace");
  return loaded;
}

/** What was loaded for earlier questions: a conversation's first one needs nothing else, and spares the round trip. */
export interface Known {
  /** What is known of the agent of a conversation's first question; undefined for any other question. */
  recall(ctx: Ctx, question: Question): Loaded | undefined;
  /** Keeps what a question was accepted with, without what is of that question alone. */
  keep(ctx: Ctx, question: Question, loaded: Loaded): void;
  forget(ctx: Ctx, question: Question): void;
}

/** Each as large as an agent's teaching: a few kilobytes, and never over 30. */
const mostKnown = 500;

const ofNoQuestion = {
  version: null,
  keyHash: null,
  messageId: null,
  turns: null,
  lastQuestion: null,
  lastAnswer: null,
  used: 0,
  spent: 0,
  held: 0,
} satisfies Partial<Loaded>;

export function makeKnown(): Known {
  const kept = new Map<string, Loaded>();
  const keyOf = ({ workspaceId }: Ctx, { agentId }: Question): string => `${workspaceId} ${agentId}`;
  return {
    recall: (ctx, question) => (question.conversationId === undefined ? kept.get(keyOf(ctx, question)) : undefined),
    keep: (ctx, question, loaded) => {
      kept.set(keyOf(ctx, question), { ...loaded, ...ofNoQuestion, isKnown: true });
      keepAtMost(kept, mostKnown);
    },
    forget: (ctx, question) => void kept.delete(keyOf(ctx, question)),
  };
}
