import type { Subscription } from "@charlie/contract";
import { and, desc, eq, inArray, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../../db/client.ts";
import { auditLog } from "../../db/schema/workspaces.ts";

type Turn = Subscription["happened"][number];
type Record = typeof auditLog.$inferSelect;

const shown = 5;
const actions = ["billing.disputed", "billing.dispute_closed", "billing.refunded", "billing.subscribed_twice"];

const change = z.object({ from: z.string().nullable(), to: z.string().nullable() });
const facts = z.object({
  amountCents: z.int().nullish().catch(null),
  plan: z.enum(["pro", "team"]).nullish().catch(null),
  outcome: z.string().nullish().catch(null),
  status: change.nullish().catch(null),
  workspacePlan: change.nullish().catch(null),
});

/** A plan is over because nobody paid for it: it still waits for its payment, or waited until Stripe gave up. */
const wasUnpaid = (status: z.output<typeof change> | null | undefined): boolean =>
  !status || status.from === "past_due" || status.to !== "canceled";

function whatOf({ action, subjectId, data }: Record, cancelled: ReadonlySet<string | null>): Turn["what"] {
  const { outcome, status, workspacePlan } = facts.parse(data);
  if (action === "billing.refunded") return "refunded";
  if (action === "billing.subscribed_twice") return "paid_twice";
  if (action === "billing.disputed") return "disputed";
  if (action === "billing.dispute_closed") return outcome === "lost" ? "dispute_lost" : "dispute_won";
  if (workspacePlan?.from === "free") return "paid_again";
  return wasUnpaid(status) && !cancelled.has(subjectId) ? "ended_unpaid" : "ended";
}

function presentTurn(record: Record, cancelled: ReadonlySet<string | null>): Turn {
  const { amountCents, plan, workspacePlan } = facts.parse(record.data);
  const moved = [workspacePlan?.from, workspacePlan?.to].find((id) => id === "pro" || id === "team");
  return {
    what: whatOf(record, cancelled),
    at: record.createdAt.toISOString(),
    plan: plan ?? moved ?? null,
    amountCents: amountCents ?? null,
  };
}

/** The latest turns of a workspace's paid plans that nobody there asked for, or that end one or bring it back; newest first. */
export async function listTurns(tx: Tx, workspaceId: string): Promise<Turn[]> {
  const own = eq(auditLog.workspaceId, workspaceId);
  const fell = sql`${auditLog.data} -> 'workspacePlan' ->> 'to' = 'free'`;
  // Free before, and not for the first time: a plan ended or waited for its payment.
  const over = sql`${auditLog.data} -> 'status' ->> 'from' in ('past_due', 'unpaid', 'paused', 'canceled')`;
  const back = sql`${auditLog.data} -> 'workspacePlan' ->> 'from' = 'free' and ${over}`;
  const records = await tx
    .select()
    .from(auditLog)
    .where(and(own, or(inArray(auditLog.action, actions), and(eq(auditLog.action, "billing.synced"), or(fell, back)))))
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(shown);
  if (records.length === 0) return [];
  const cancelled = await tx
    .select({ subscription: auditLog.subjectId })
    .from(auditLog)
    .where(and(own, eq(auditLog.action, "billing.cancelled_now")));
  const ids = new Set(cancelled.map(({ subscription }) => subscription));
  return records.map((record) => presentTurn(record, ids));
}
