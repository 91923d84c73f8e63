import { randomUUIDv7 } from "node:crypto";
import { nextPlanFor, planOf, type Decision, type LimitId, type Plan, type PlanId } from "@charlie/contract";
import { actorId, type Ctx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { decisions } from "../../db/schema/usage.ts";
import { LimitReached } from "../../errors.ts";

export interface LimitMet {
  limit: LimitId;
  plan: PlanId;
  /** How much is used now. */
  used: number;
  /** When the count starts anew; `null` for agents and projects, which do not reset. */
  resetsAt?: Date | null;
}

const number = (value: number): string => value.toLocaleString("en");

/** "room for 10 agents", "1,000 messages a day": what a plan gives of a limit; `null` is unlimited. */
function gives(limit: LimitId, allowed: number | null): string {
  if (limit === "messagesPerDay")
    return allowed === null ? "as many messages as you like" : `${number(allowed)} messages a day`;
  if (allowed === null) return `as many ${limit} as you like`;
  return `room for ${number(allowed)} ${allowed === 1 ? limit.slice(0, -1) : limit}`;
}

/** The sentence a reader gets at a limit: what is full, that nothing is lost, what helps. */
export function limitSentence(limit: LimitId, plan: Plan, allowed: number, next: Plan | null): string {
  const full =
    limit === "messagesPerDay"
      ? `Charlie has answered all ${number(allowed)} messages of today that the ${plan.name} plan gives.`
      : `The ${plan.name} plan gives ${gives(limit, allowed)}, and that is used.`;
  const wait = limit === "messagesPerDay" ? " He can go on at midnight UTC." : "";
  const better = next
    ? ` ${next.name} gives ${gives(limit, next.limits[limit])}.`
    : limit === "messagesPerDay"
      ? ""
      : ` Deleting one makes room.`;
  return `${full}${wait}${better}`;
}

/**
 * Builds the decision behind a "no", keeps it, and returns the error to throw.
 * It is written on a connection of its own, so it stays when the verb's transaction rolls back. That insert takes a
 * KEY SHARE lock on the workspace row: a caller that holds the row must hold it `for no key update`, never `for update`.
 * Throws where the plan has no such limit.
 */
export async function limitReached(
  ctx: Ctx,
  { limit, plan: planId, used, resetsAt = null }: LimitMet,
): Promise<LimitReached> {
  const plan = planOf(planId);
  const allowed = plan.limits[limit];
  if (allowed === null) throw new Error(`plan ${planId} has no limit on ${limit}`);
  const better = nextPlanFor(planId, limit);
  const next: Decision["next"] = better
    ? { plan: better.id, name: better.name, allowed: better.limits[limit], monthlyCents: better.monthlyCents }
    : null;
  const id = randomUUIDv7();
  await asOperator(ctx.db, (tx) =>
    tx.insert(decisions).values({
      id,
      workspaceId: ctx.workspaceId,
      limitName: limit,
      plan: planId,
      used,
      allowed,
      resetsAt,
      next,
      actorId: actorId(ctx.actor),
    }),
  );
  return new LimitReached(
    { id, limit, plan: planId, used, allowed, resetsAt: resetsAt?.toISOString() ?? null, next },
    limitSentence(limit, plan, allowed, better),
  );
}
