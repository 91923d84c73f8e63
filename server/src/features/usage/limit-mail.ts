import { nextPlanFor, planIds, planOf, type PlanId } from "@charlie/contract";
import { z } from "zod";
import { asOperator, type Database, type Tx } from "../../db/client.ts";
import { enqueue, type Jobs } from "../../jobs/queue.ts";
import { letter, queueMail, type Letter } from "../mail/index.ts";
import { recipientOf } from "../workspaces/index.ts";

export interface DailyCount {
  plan: PlanId;
  /** Messages counted so far, this one included. */
  used: number;
  limit: number;
  /** The end of the UTC day that is counted. */
  resetsAt: Date;
}

/** The count at which somebody is told that most of the day's messages are used. */
const mostOf = (limit: number): number => Math.ceil(limit * 0.8);

/**
 * Has a mail sent about the day's messages at 80 % and at 100 % of the limit. Each count is met by one message only, so
 * all others pay nothing for this. Runs in the transaction that counts.
 */
export async function tellNearLimit(tx: Tx, workspaceId: string, count: DailyCount): Promise<void> {
  if (count.used !== mostOf(count.limit) && count.used !== count.limit) return;
  await enqueue(tx, "limit-mail", { workspaceId, ...count });
}

const number = (value: number): string => value.toLocaleString("en");

/** Tells that most of the day's messages, or all of them, are used, and what gives more. */
export function limitMail({ plan, used, limit }: DailyCount, { name, url }: { name: string; url: string }): Letter {
  const next = nextPlanFor(plan, "messagesPerDay");
  const more = next?.limits.messagesPerDay;
  const isFull = used >= limit;
  return letter({
    subject: isFull
      ? `Today's ${number(limit)} messages are used`
      : `${number(used)} of today's ${number(limit)} messages are used`,
    name,
    paragraphs: [
      isFull
        ? `Charlie has answered all ${number(limit)} messages of today that the ${planOf(plan).name} plan gives. He can go on at midnight UTC, and nothing is lost until then.`
        : `Charlie has answered ${number(used)} of the ${number(limit)} messages of today that the ${planOf(plan).name} plan gives. The count starts anew at midnight UTC.`,
      ...(next && more
        ? [`${next.name} gives ${number(more)} messages a day for $${next.monthlyCents / 100} a month.`]
        : []),
    ],
    button: { label: next ? "Look at the plans" : "See what was used", url },
    footnote: "We write this at most once a day.",
  });
}

const payload = z.object({
  workspaceId: z.uuid(),
  plan: z.enum(planIds),
  used: z.int(),
  limit: z.int(),
  resetsAt: z.coerce.date(),
});

/** Usage's jobs: the mail about a limit that is near, once a day for each plan and threshold. */
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
  },
  crontab: "",
});
