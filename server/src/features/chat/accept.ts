import { randomUUIDv7 } from "node:crypto";
import { brainOf, planOf, type AnswerStarted, type Flow } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { oneStatement } from "../../db/client.ts";
import { AppError, badRequest, conflict, notFound } from "../../errors.ts";
import { keyReused } from "../../http/idempotency.ts";
import { resolveBrain, sourcesOf, worstCaseMicros, type AiServices, type ReadyBrain } from "../ai/index.ts";
import { longestPrompt, type FlowInput, type Turn } from "../flows/index.ts";
import { agentFrozen, limitReached, type LimitMet, spendCapOf, type SpendCapMet } from "../plans/index.ts";
import { tellCapMet } from "../usage/index.ts";
import { undoneBecause } from "../../db/undo.ts";
import { acceptSql } from "./accept-sql.ts";
import { idsAfter } from "./ids.ts";
import { load, type Known, type Loaded } from "./load.ts";
import type { Job, Question } from "./types.ts";

/** A question that was accepted now, or one that the same `Idempotency-Key` had brought before. */
export type Accepted = { fresh: true; job: Job } | { fresh: false; place: AnswerStarted };

/** Why accept undid itself (accept-sql.ts). */
type Obstacle = "outdated" | "moved" | "answering" | "limit" | "cap";

/** What was loaded is no longer so, and has to be looked at again. */
class Outdated extends Error {}

/** A limit is met, and nothing of the question was kept: the decision is still to be written. */
class Refused extends Error {
  readonly met: LimitMet;
  constructor(met: LimitMet) {
    super("limit met");
    this.met = met;
  }
}

/** Each further try means that somebody else changed the same conversation or key in the milliseconds between. */
const mostTries = 5;

export const stillAnswering = (): AppError =>
  conflict("answer_running", "Charlie is still answering here. Wait for him, or stop him first.");

/** A conversation is called by the first words of its first question, in one line. */
function titleOf(text: string): string {
  const words = text.replaceAll(/\s+/g, " ").trim();
  const letters = Array.from(words);
  return letters.length <= 80 ? words : `${letters.slice(0, 79).join("")}…`;
}

/** The answer that the same key brought before; null for a new key. Throws 422 where it was for something else. */
async function earlier({ db, workspaceId }: Ctx, loaded: Loaded, question: Question): Promise<AnswerStarted | null> {
  if (loaded.keyHash === null) return null;
  if (loaded.keyHash !== question.idempotency?.hash || loaded.messageId === null) throw keyReused();
  const [place] = await oneStatement<AnswerStarted>(db, workspaceId, {
    name: "chat-earlier",
    text: `select id as "messageId", reply_to as "userMessageId", conversation_id as "conversationId"
      from messages where id = $1`,
    values: [loaded.messageId],
  });
  if (!place) throw keyReused();
  return place;
}

/** The most that the answer can cost the operator, in micro-dollars; null where somebody else pays. */
function mostMicros(brain: ReadyBrain, flow: Flow, input: FlowInput): number | null {
  if (brain.payer !== "operator") return null;
  const { prompt, brains } = longestPrompt(flow, input);
  return worstCaseMicros(brain, prompt, brains);
}

/** Where the spend cap stands. */
function spendOf(
  { plan, spendCapMicros, spent, held, periodEnd }: Loaded,
  { asked, neededMicros }: Pick<SpendCapMet, "asked" | "neededMicros">,
  ai: AiServices,
): SpendCapMet {
  const { cap, most } = spendCapOf({ plan, spendCapMicros }, ai);
  return {
    limit: "aiSpend",
    plan,
    asked,
    used: spent,
    allowed: cap,
    heldMicros: held,
    neededMicros,
    resetsAt: periodEnd,
    mayRaise: cap < most,
  };
}

/** Runs the statement that accepts; what it was undone for, or null. */
async function accept({ db, workspaceId }: Ctx, values: unknown[]): Promise<Obstacle | null> {
  try {
    await oneStatement(db, workspaceId, { name: "chat-accept", text: acceptSql, values: [workspaceId, ...values] });
    return null;
  } catch (error) {
    const why = undoneBecause(error);
    if (why === null) throw error;
    return why as Obstacle;
  }
}

async function tryToAccept(ctx: Ctx, question: Question, loaded: Loaded, ai: AiServices): Promise<Accepted> {
  const { workspaceId } = ctx;
  const { agentId, replaces, idempotency } = question;
  const text = question.text.toWellFormed();
  const place = await earlier(ctx, loaded, question);
  if (place) return { fresh: false, place };
  const { agentName, flow, version, plan, lastQuestion, lastAnswer, turns } = loaded;
  if (agentName === null || flow === null) throw notFound("agent");
  if (loaded.frozen) throw agentFrozen();
  if (question.conversationId !== undefined && version === null) throw notFound("conversation");
  if (replaces !== undefined && replaces !== lastQuestion) {
    throw conflict("not_last_question", "Only the last question of a conversation can be asked again or edited.");
  }
  // Before anything is counted: an agent without a usable key costs nobody a message.
  const brain = resolveBrain(brainOf(flow), sourcesOf({ workspaceId, plan, keys: loaded.keys ?? [] }, ai), ai);
  const limit = planOf(plan).limits.messagesPerDay;
  const asked = `A question to ${agentName}`;
  const met: LimitMet = { limit: "messagesPerDay", plan, asked, used: loaded.used, resetsAt: loaded.resetsAt };
  if (limit !== null && loaded.used >= limit) throw new Refused(met);
  const history = (turns ?? []).flatMap(([before, answered]): Turn[] => [
    { role: "user", text: before },
    { role: "assistant", text: answered },
  ]);
  const input = { agentName, question: text, history };
  const neededMicros = mostMicros(brain, flow, input);
  const spend = neededMicros === null ? null : spendOf(loaded, { asked, neededMicros }, ai);
  if (spend !== null && spend.used + spend.heldMicros + spend.neededMicros > spend.allowed) throw new Refused(spend);

  const conversationId = question.conversationId ?? randomUUIDv7();
  const [userMessageId, messageId] = idsAfter(lastAnswer ?? conversationId);
  const isFirst = version === null || (replaces !== undefined && turns === null);
  const obstacle = await accept(ctx, [
    idempotency?.key ?? null,
    idempotency?.hash ?? null,
    messageId,
    conversationId,
    agentId,
    isFirst ? titleOf(text) : null,
    version,
    limit,
    userMessageId,
    text,
    replaces ?? null,
    spend?.neededMicros ?? null,
    spend?.allowed ?? null,
    plan,
    loaded.isKnown ? loaded.mark : null,
  ]);
  if (obstacle === "answering") throw stillAnswering();
  if (obstacle === "limit") throw new Refused({ ...met, used: Math.max(met.used, limit ?? 0) });
  if (obstacle === "cap" && spend) {
    // Others took the room since it was loaded: at least so much was held by then.
    throw new Refused({
      ...spend,
      heldMicros: Math.max(spend.heldMicros, spend.allowed - spend.used - spend.neededMicros + 1),
    });
  }
  if (obstacle !== null) throw new Outdated();
  const job = { place: { messageId, userMessageId, conversationId }, workspaceId, agentId, flow, input, brain };
  return { fresh: true, job };
}

/**
 * Accepts a question and counts it, in one statement: never one over the plan's limit, never twice for one key, and
 * never more of the operator's AI than the cap has room for, whatever the answer turns out to cost.
 * Throws 402 at a limit (nothing is written but the decision), 404 for what is not there, 409 while an answer runs in
 * the conversation, for a frozen agent, or where `replaces` is not its last question, 422 for a key that was used for
 * something else, and what `resolveBrain` throws.
 */
export async function acceptQuestion(ctx: Ctx, question: Question, ai: AiServices, known: Known): Promise<Accepted> {
  needRole(ctx, "editor");
  if (question.replaces !== undefined && question.conversationId === undefined) {
    throw badRequest("conversation_missing", "Say in which conversation the question is replaced.");
  }
  const before = known.recall(ctx, question);
  if (before) {
    try {
      return await tryToAccept(ctx, question, before, ai);
    } catch (error) {
      known.forget(ctx, question);
      // Whatever speaks against it is said of what is so now.
      if (!(error instanceof AppError || error instanceof Refused || error instanceof Outdated)) throw error;
    }
  }
  for (let tries = 1; tries <= mostTries; tries += 1) {
    try {
      const loaded = await load(ctx, question);
      const accepted = await tryToAccept(ctx, question, loaded, ai);
      if (accepted.fresh) known.keep(ctx, question, loaded);
      return accepted;
    } catch (error) {
      if (error instanceof Refused) {
        if (error.met.limit === "aiSpend") await tellCapMet(ctx, error.met);
        throw await limitReached(ctx, error.met);
      }
      if (!(error instanceof Outdated)) throw error;
    }
  }
  throw stillAnswering();
}
