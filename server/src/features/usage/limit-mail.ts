import { dollarWords, nextPlanFor, planIds, planOf, type PlanId } from "@charlie/contract";
import { z } from "zod";
import type { Ctx } from "../../context.ts";
import { asOperator, type Database, type Tx } from "../../db/client.ts";
import { enqueue, type Jobs } from "../../jobs/queue.ts";
import { letter, queueMail, type Letter } from "../mail/index.ts";
import { isFull, type SpendCapMet } from "../plans/index.ts";
import { recipientOf } from "../workspaces/index.ts";

/** What is used of the day's messages, or of the spend cap of a billing period. */
export interface LimitCount {
  plan: PlanId;
  /** Messages, or micro-dollars; this one included. */
  used: number;
  limit: number;
  /** The end of the UTC day, or of the billing period. */
  resetsAt: Date;
}

/** A spend cap is met before it is used up: when the next answer could cost more than is left. */
interface CapCount extends LimitCount {
  met: boolean;
}

/** The count at which somebody is told that most is used. */
const mostOf = (limit: number): number => Math.ceil(limit * 0.8);

/**
 * Has a mail sent about the day's messages at 80 % and at 100 % of the limit: part of the statement that counts, whose
 * `counts` give `value`, this message included, and `period_end`. Each count is met by one message only, so all others
 * pay nothing for this. What reads the statement's result has to read `told` too.
 */
export const tellingNearLimit = (
  counts: string,
  { workspace, plan, limit }: { workspace: string; plan: string; limit: string },
): string => `told as (
  select enqueue_job('limit-mail', json_build_object('workspaceId', ${workspace}::uuid, 'plan', ${plan}::text,
    'used', value, 'limit', ${limit}::bigint, 'resetsAt', period_end))
  from ${counts} where value in (ceil(${limit}::bigint * 0.8), ${limit}::bigint)
)`;

/**
 * Has a mail sent when an answer's cost brings the billing period past 80 %, or to 100 %, of the spend cap. `before` is
 * what had been spent until then: each line is passed by one answer only. Runs in the transaction that counts.
 */
export async function tellNearCap(
  tx: Tx,
  workspaceId: string,
  count: LimitCount,
  { before }: { before: number },
): Promise<void> {
  const passed = [mostOf(count.limit), count.limit].some((line) => before < line && line <= count.used);
  if (passed) await enqueue(tx, "cap-mail", { workspaceId, ...count, met: count.used >= count.limit });
}

/** Has a mail sent when there is no room under the spend cap for an answer, other than for a moment. */
export async function tellCapMet(
  ctx: Ctx,
  met: Pick<SpendCapMet, "plan" | "used" | "allowed" | "heldMicros" | "neededMicros" | "resetsAt">,
): Promise<void> {
  if (!isFull(met)) return;
  const { plan, used, allowed: limit, resetsAt } = met;
  const { workspaceId } = ctx;
  // Whoever asks on and on adds no job where one waits; which mail is sent once is settled by its key.
  const key = `cap-mail:${workspaceId}`;
  await ctx.transaction((tx) =>
    enqueue(tx, "cap-mail", { workspaceId, plan, used, limit, resetsAt, met: true }, { key }),
  );
}

const number = (value: number): string => value.toLocaleString("en");

/** Tells that most of the day's messages, or all of them, are used, and what gives more. */
export function limitMail({ plan, used, limit }: LimitCount, { name, url }: { name: string; url: string }): Letter {
  const next = nextPlanFor(plan, "messagesPerDay");
  const more = next?.limits.messagesPerDay;
  const allUsed = used >= limit;
  return letter({
    subject: allUsed
      ? `Today's ${number(limit)} messages are used`
      : `${number(used)} of today's ${number(limit)} messages are used`,
    name,
    paragraphs: [
      allUsed
        ? `Charlie has answered all ${number(limit)} messages of today that the ${planOf(plan).name} plan gives. He can go on at midnight UTC, and nothing is lost until then.`
        : `Charlie has answered ${number(used)} of the ${number(limit)} messages of today that the ${planOf(plan).name} plan gives. The count starts anew at midnight UTC.`,
      ...(next && more
        ? [`${next.name} gives ${number(more)} messages a day for $${next.monthlyCents / 100} a month.`]
        : []),
    ],
    button: { label: next ? "Look at the plans" : "See what was used", url },
    footnote: "We write this once a day when most of your plan's messages are used, and once when all are.",
  });
}

/** Tells that most of what AI may cost in the billing period is used, or that it has no room for another answer. */
export function capMail(
  { plan, used, limit, resetsAt, met }: CapCount,
  { name, url }: { name: string; url: string },
): Letter {
  const day = resetsAt.toLocaleDateString("en", { day: "numeric", month: "long", timeZone: "UTC" });
  const free = plan === "free";
  const pays = free ? "Free AI is never charged." : "You never pay more than the cap.";
  const cap = free ? `the ${dollarWords(limit)} of free AI` : `the ${dollarWords(limit)} that you let AI cost`;
  return letter({
    subject: met ? "The cap on your AI cost is met" : `${dollarWords(used)} of ${dollarWords(limit)} for AI are used`,
    name,
    paragraphs: [
      met
        ? `${dollarWords(used)} of ${cap} until ${day} are used, and the next answer could cost more than what is left. Until then Charlie asks the AI only what is sure to fit. ${pays}`
        : `${dollarWords(used)} of ${cap} until ${day} are used. Charlie asks the AI only what is sure to fit into the rest. ${pays}`,
      free
        ? "He goes on with a key of your own, or on a paid plan."
        : "You can set another cap on the Usage page, or save a key of your own under Settings, AI keys.",
    ],
    button: { label: "See what was used", url },
    footnote:
      "We write this once in a billing period when most of a cap is used, and once when it is met; anew if you set another cap.",
  });
}

const payload = z.object({
  workspaceId: z.uuid(),
  plan: z.enum(planIds),
  used: z.int(),
  limit: z.int(),
  resetsAt: z.coerce.date(),
});
const capPayload = payload.extend({ met: z.boolean() });

/**
 * Usage's jobs: the mail about a limit that is near. Once a day for each plan and threshold; once a billing period for each
 * spend cap and threshold.
 */
export const usageJobs = ({ db, publicUrl }: { db: Database; publicUrl: string }): Jobs => ({
  tasks: {
    "limit-mail": async (input) => {
      const { workspaceId, ...count } = payload.parse(input);
      await asOperator(db, async (tx) => {
        const to = await recipientOf(tx, workspaceId);
        if (!to) return;
        const url = `${publicUrl}/${nextPlanFor(count.plan, "messagesPerDay") ? "pricing" : "usage"}`;
        const step = count.used >= count.limit ? 100 : 80;
        const dedupeKey = `limit:${workspaceId}:${count.resetsAt.toISOString()}:${count.plan}:${step}`;
        await queueMail(tx, { dedupeKey, to: to.email, ...limitMail(count, { name: to.name, url }) });
      });
    },
    "cap-mail": async (input) => {
      const { workspaceId, ...count } = capPayload.parse(input);
      await asOperator(db, async (tx) => {
        const to = await recipientOf(tx, workspaceId);
        if (!to) return;
        const dedupeKey = `cap:${workspaceId}:${count.resetsAt.toISOString()}:${count.limit}:${count.met ? 100 : 80}`;
        await queueMail(tx, {
          dedupeKey,
          to: to.email,
          ...capMail(count, { name: to.name, url: `${publicUrl}/usage` }),
        });
      });
    },
  },
  crontab: "",
});
