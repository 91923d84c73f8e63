import { type AuditEntry, type BillingDifference, type BillingEvent, type Customer, planOf } from "@charlie/contract";
import { formatCents, formatDate } from "../../ui/format.ts";

const ended: Partial<Record<Customer["status"], string>> = {
  none: "Never paid",
  canceled: "Has ended",
  unpaid: "Not paid, and Stripe has stopped asking",
  incomplete: "First payment not finished",
  incomplete_expired: "First payment never finished",
  paused: "Paused",
};

/** What comes next for a customer, in one line. */
export function nextWords({ status, pastDue, cancelAt, renewsAt, renewalCents }: Customer): string {
  if (pastDue) {
    const open = pastDue.openCents === null ? "" : `, ${formatCents(pastDue.openCents)} open`;
    return `Payment failed on ${formatDate(pastDue.since)}${open}`;
  }
  if (cancelAt) return `Ends on ${formatDate(cancelAt)}`;
  if (renewsAt && status === "trialing") return `Tries it until ${formatDate(renewsAt)}`;
  if (renewsAt) {
    const amount = renewalCents === null ? "" : `, ${formatCents(renewalCents)}`;
    return `Renews on ${formatDate(renewsAt)}${amount}`;
  }
  return ended[status] ?? status;
}

/** "Pro, by the year". */
export function planWords({ plan, interval, status }: Pick<Customer, "plan" | "interval" | "status">): string {
  const { name } = planOf(plan);
  if (plan === "free" || status === "none" || interval === null) return name;
  return `${name}, by the ${interval}`;
}

const actions: Record<string, string> = {
  "billing.synced": "Brought to what Stripe has",
  "billing.subscribed_twice": "Paid twice: the later one was cancelled and paid back",
  "billing.price_unknown": "A price that is none of ours",
  "billing.disputed": "Disputed a payment",
  "billing.dispute_closed": "A dispute was closed",
  "billing.refunded": "Was paid back",
  "billing.switched": "Switched the plan",
  "billing.switch_unanswered": "Asked to switch the plan, and no answer came",
  "billing.cancelled_now": "Ended the plan at once",
  "billing.resumed": "Took the cancellation back",
  "billing.cancel_unanswered": "Asked to end the plan at once, and no answer came",
  "billing.checkout_started": "Opened the payment page",
  "billing.customer_created": "Became a customer in Stripe",
  "admin.event_replayed": "An event was replayed",
  "admin.reconciliation_started": "Started a comparison with Stripe",
};

/** What an entry of the log tells. An action that has no words yet is told by its name. */
export const actionWords = ({ action }: Pick<AuditEntry, "action">): string => actions[action] ?? action;

interface Change {
  field: string;
  from: string;
  to: string;
}

const isoTime = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function valueWords(field: string, value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return isoTime.test(value) ? formatDate(value) : value;
  if (typeof value === "number" && field.endsWith("Cents")) return formatCents(value);
  if (typeof value === "number" && field.endsWith("Micros")) return formatCents(Math.round(value / 10_000));
  return JSON.stringify(value);
}

/** "currentPeriodEnd" → "current period end". */
const fieldWords = (field: string): string =>
  field
    .replace(/(Cents|Micros)$/, "")
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/^mrr$/, "MRR");

/** The changes among an entry's data, and what else it tells. */
export function changesOf(data: Record<string, unknown>): { changes: Change[]; facts: string[] } {
  const changes: Change[] = [];
  const facts: string[] = [];
  for (const [field, value] of Object.entries(data)) {
    if (typeof value === "object" && value !== null && "from" in value && "to" in value) {
      const { from, to } = value;
      changes.push({ field: fieldWords(field), from: valueWords(field, from), to: valueWords(field, to) });
    } else facts.push(`${fieldWords(field)}: ${valueWords(field, value)}`);
  }
  return { changes, facts };
}

export interface Mark {
  label: string;
  color: "green" | "red" | "gray" | "collar";
}

/** How far an event has come. */
export function eventMark({ processedAt, error }: Pick<BillingEvent, "processedAt" | "error">): Mark {
  if (processedAt) return { label: "Done", color: "green" };
  return error === null ? { label: "Waiting", color: "gray" } : { label: "Failed", color: "red" };
}

/** Whether a difference is no more. */
export const differenceMark = ({ repairedAt }: Pick<BillingDifference, "repairedAt">): Mark =>
  repairedAt ? { label: "Repaired", color: "green" } : { label: "Open", color: "red" };
