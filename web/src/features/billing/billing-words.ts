import { type BillingInterval, type PlanId, planOf, priceCents, type Subscription } from "@charlie/contract";
import { formatCents, formatDate } from "../../ui/format.ts";

/** The facts of a subscription that tell how it stands. */
export type Standing = Pick<Subscription, "plan" | "subscribedTo" | "status" | "next" | "pastDue">;

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

/** A payment that is open, in two sentences: what happened, and what that means until when. */
export interface OwedWords {
  what: string;
  means: string;
}

/** Words for the payment that is open; `null` where all is paid. */
export function owedWords({ plan, subscribedTo, pastDue }: Standing): OwedWords | null {
  if (!pastDue || !subscribedTo) return null;
  const { name } = planOf(subscribedTo);
  const amount = pastDue.amountCents === null ? "" : ` of ${formatCents(pastDue.amountCents)}`;
  const until = formatDate(pastDue.endsAt);
  if (plan === "free") {
    return {
      what: `The payment${amount} is still open.`,
      means: `So you have been on Free since ${until}. Nothing is deleted; once it is paid, ${name} is back.`,
    };
  }
  return {
    what: `The payment${amount} did not go through.`,
    means: `You keep ${name} until ${until}; after that you are on Free, unless it is paid.`,
  };
}

function nextWords(standing: Standing): string | null {
  const { plan, next } = standing;
  const owed = owedWords(standing);
  if (owed) return `${owed.what} ${owed.means}`;
  if (!next) return null;
  const date = formatDate(next.at);
  if (next.kind === "ends")
    return `${planOf(plan).name} ends on ${date}. After that you are on Free: nothing is deleted.`;
  return `Renews on ${date}${next.amountCents === null ? "" : ` for ${formatCents(next.amountCents)}`}.`;
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
export function standingWords(standing: Standing): StandingWords {
  const { status } = standing;
  const next = nextWords(standing);
  if (status === "past_due" || status === "unpaid") return { tone: "trouble", label: labels[status], next };
  if (standing.next?.kind === "ends") return { tone: "ending", label: "Cancelled", next };
  const isOver = status === "canceled" || status === "incomplete" || status === "incomplete_expired";
  if (isOver) return { tone: "calm", label: labels.none, next: null };
  return { tone: "calm", label: labels[status], next };
}

/** What happened to a paid plan, in a sentence or two. */
export function turnWords({ what, plan, amountCents }: Omit<Subscription["happened"][number], "at">): string {
  const name = plan ? planOf(plan).name : "Your plan";
  const amount = amountCents === null ? "A payment" : formatCents(amountCents);
  switch (what) {
    case "ended":
      return `${name} ended, and you are on Free. Nothing was deleted.`;
    case "ended_unpaid":
      return `${name} ended because a payment stayed open. Nothing was deleted.`;
    case "paid_again":
      return `${name} was paid for, and is back.`;
    case "refunded":
      return `${amount} was paid back to you. It takes your bank up to ten days to show it.`;
    case "paid_twice":
      return `${name} was paid twice, in two windows. The second one was ended and paid back; one goes on.`;
    case "disputed":
      return `${amount} was disputed at your bank. Your bank decides about it; nothing changes here meanwhile.`;
    case "dispute_won":
      return `The dispute about ${amount} is closed: the payment stands.`;
    case "dispute_lost":
      return `The dispute about ${amount} is closed: your bank gave it back to you.`;
  }
}

/** A paid plan that is running: what the page after payment waits for. */
export const isRunning = ({ plan, status }: Pick<Subscription, "plan" | "status">): boolean =>
  plan !== "free" && (status === "active" || status === "trialing");
