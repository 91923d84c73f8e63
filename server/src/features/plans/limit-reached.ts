import { randomUUIDv7 } from "node:crypto";
import {
  nextPlanFor,
  nextPlanForSpend,
  planOf,
  type Decision,
  type Help,
  type LimitId,
  type Plan,
  type PlanId,
} from "@charlie/contract";
import { actorId, type Ctx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { decisions } from "../../db/schema/usage.ts";
import { LimitReached } from "../../errors.ts";
import { limitSentence, spendSentence, type SpendMet } from "./sentences.ts";

interface Met {
  plan: PlanId;
  /** What was asked, in a few words. */
  asked: string;
}

/** A limit of the plan that is used up. */
export interface PlanLimitMet extends Met {
  limit: LimitId;
  /** How much is used now. */
  used: number;
  /** When the count starts anew; `null` for agents and projects, which do not reset. */
  resetsAt?: Date | null;
}

/** The cap on what AI costs has no room for an answer. */
export interface SpendCapMet extends Met, SpendMet {
  limit: "aiSpend";
  /** The workspace can set a higher cap. */
  mayRaise: boolean;
}

export type LimitMet = PlanLimitMet | SpendCapMet;

const nextOf = (plan: Plan | null, allowed: (plan: Plan) => number | null): Decision["next"] =>
  plan && { plan: plan.id, name: plan.name, allowed: allowed(plan), monthlyCents: plan.monthlyCents };

interface Verdict {
  decision: Omit<Decision, "id">;
  detail: string;
}

/** What the plan says to this. Throws where it has no such limit. */
function ofPlan({ limit, plan: planId, used, resetsAt = null }: PlanLimitMet): Verdict {
  const plan = planOf(planId);
  const allowed = plan.limits[limit];
  if (allowed === null) throw new Error(`plan ${planId} has no limit on ${limit}`);
  const better = nextPlanFor(planId, limit);
  const helps: Help[] = [limit === "messagesPerDay" ? "wait" : "delete_one", ...(better ? ["upgrade" as const] : [])];
  const next = nextOf(better, ({ limits }) => limits[limit]);
  return {
    decision: {
      limit,
      plan: planId,
      used,
      allowed,
      resetsAt: resetsAt?.toISOString() ?? null,
      next,
      spend: null,
      helps,
    },
    detail: limitSentence(limit, plan, allowed, better),
  };
}

function ofSpendCap(met: SpendCapMet): Verdict {
  const { limit, plan, used, allowed, resetsAt, heldMicros, neededMicros, mayRaise } = met;
  const better = nextPlanForSpend(plan);
  const helps: Help[] = [
    ...(mayRaise ? ["raise_cap" as const] : []),
    "own_key",
    ...(better ? ["upgrade" as const] : []),
    "wait",
  ];
  return {
    decision: {
      limit,
      plan,
      used,
      allowed,
      resetsAt: resetsAt.toISOString(),
      next: nextOf(better, ({ aiSpend }) => aiSpend.mostMicros),
      spend: { heldMicros, neededMicros },
      helps,
    },
    detail: spendSentence(met, planOf(plan), mayRaise),
  };
}

/**
 * Builds the decision behind a "no", keeps it, and returns the error to throw.
 * It is written on a connection of its own, so it stays when the verb's transaction rolls back. That insert takes a
 * KEY SHARE lock on the workspace row: a caller that holds the row must hold it `for no key update`, never `for update`.
 * Throws where the plan has no such limit.
 */
export async function limitReached(ctx: Ctx, met: LimitMet): Promise<LimitReached> {
  const { decision, detail } = met.limit === "aiSpend" ? ofSpendCap(met) : ofPlan(met);
  const id = randomUUIDv7();
  const { limit, resetsAt, spend, ...told } = decision;
  await asOperator(ctx.db, (tx) =>
    tx.insert(decisions).values({
      ...told,
      id,
      workspaceId: ctx.workspaceId,
      status: 402,
      limitName: limit,
      resetsAt: resetsAt === null ? null : new Date(resetsAt),
      heldMicros: spend?.heldMicros ?? null,
      neededMicros: spend?.neededMicros ?? null,
      asked: met.asked,
      detail,
      actorId: actorId(ctx.actor),
    }),
  );
  return new LimitReached({ id, ...decision }, detail);
}
