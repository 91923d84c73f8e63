import { type BillingInterval, type PlanId, planOf, priceCents, type Subscription } from "@charlie/contract";
import { formatCents, formatDate } from "../../ui/format.ts";

/** The facts of a subscription that tell how it stands. */
export type Standing = Pick<Subscription, "plan" | "status" | "next">;

/** How a plan stands, in words. `tone` picks how loud they are. */
export interface StandingWords {
  tone: "calm" | "ending" | "trouble";
  label: string;
  /** What happens next, with its date; `null` where nothing does. */
  next: string | null;
}

/** "$29 per month"; a workspace that never paid is shown the price per month. */
export const priceWords = (plan: PlanId, interval: BillingInterval | null): string =>
  `${formatCents(priceCents(planOf(plan), interval ?? "month"))} per ${interval ?? "month"}`;

function nextWords({ plan, next }: Standing): string | null {
  if (!next) return null;
  const date = formatDate(next.at);
  const { name } = planOf(plan);
  if (next.kind === "ends") return `${name} ends on ${date}. After that you are on Free: nothing is deleted.`;
  if (next.kind === "payment_due") {
    const amount =
      next.amountCents === null ? "The last payment" : `The last payment of ${formatCents(next.amountCents)}`;
    return `${amount} did not go through. Everything stays as it is until ${date}; please check your card before then.`;
  }
  const amount = next.amountCents === null ? "" : ` for ${formatCents(next.amountCents)}`;
  return `Renews on ${date}${amount}.`;
}

const labels: Record<Subscription["status"], StandingWords["label"]> = {
  none: "Free for as long as you like",
  active: "Active",
  trialing: "On trial",
  past_due: "Payment open",
  canceled: "Ended",
  unpaid: "Payment open",
  incomplete: "Payment not finished",
  incomplete_expired: "Payment not finished",
  paused: "Paused",
};

/** Puts a subscription into words. */
export function standingWords(subscription: Standing): StandingWords {
  const { status, next } = subscription;
  if (next?.kind === "ends") return { tone: "ending", label: "Cancelled", next: nextWords(subscription) };
  if (status === "past_due" || status === "unpaid") {
    return { tone: "trouble", label: labels[status], next: nextWords(subscription) };
  }
  const isOver = status === "canceled" || status === "incomplete" || status === "incomplete_expired";
  if (isOver) return { tone: "calm", label: labels.none, next: null };
  return { tone: "calm", label: labels[status], next: nextWords(subscription) };
}

/** A paid plan that is running: what the page after payment waits for. */
export const isRunning = ({ plan, status }: Pick<Subscription, "plan" | "status">): boolean =>
  plan !== "free" && (status === "active" || status === "trialing");
