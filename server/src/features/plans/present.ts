import type { Decision, KeptDecision } from "@charlie/contract";
import type { decisions } from "../../db/schema/usage.ts";

type Row = typeof decisions.$inferSelect;

export const presentDecision = (row: Row): Decision => ({
  id: row.id,
  limit: row.limitName,
  plan: row.plan,
  used: row.used,
  allowed: row.allowed,
  resetsAt: row.resetsAt?.toISOString() ?? null,
  next: row.next,
  spend:
    row.heldMicros === null || row.neededMicros === null
      ? null
      : { heldMicros: row.heldMicros, neededMicros: row.neededMicros },
  helps: row.helps,
});

export const presentKept = (row: Row): KeptDecision => ({
  ...presentDecision(row),
  status: row.status,
  asked: row.asked,
  detail: row.detail,
  createdAt: row.createdAt.toISOString(),
});
