import type { PlanId } from "@charlie/contract";
import type { PaidPlanId, SubscriptionStatus } from "../../integrations/stripe/index.ts";

/** A subscription of the workspace's customer, with what deciding about the plan takes. */
export interface Candidate {
  id: string;
  status: SubscriptionStatus;
  /** What its price buys; `null` where the price is none of ours. */
  plan: PaidPlanId | null;
  priceId: string;
  createdAt: Date;
  /** When the oldest payment that is open failed first; counts where the status is `past_due`. */
  pastDueSince: Date | null;
}

export interface Derived<C extends Candidate> {
  /** The workspace's plan; `null` where it cannot be told because the price is unknown: then it stays as it is. */
  plan: PlanId | null;
  /** The subscription that stands for the workspace, running or ended; `null` where there never was one. */
  subscription: C | null;
  /** Running subscriptions beside that one: to be cancelled, and paid back where they were paid. */
  surplus: C[];
  /** Running subscriptions to a price that is none of ours. */
  unknown: C[];
  /** When the plan falls to Free unless the open payment succeeds; `null` where nothing is past due. */
  graceEndsAt: Date | null;
}

const dayMs = 24 * 60 * 60 * 1_000;

const isPaid = ({ status }: Candidate): boolean => status === "active" || status === "trialing";
const isRunning = (candidate: Candidate): boolean => isPaid(candidate) || candidate.status === "past_due";

/** Earlier first; the id decides between subscriptions of the same second. */
const byAge = (a: Candidate, b: Candidate): number =>
  a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * The plan that a customer's subscriptions buy (money.md, section 4). Pure, and blind to the order of `candidates`.
 * Active and trialing give their price's plan; past due gives it for `graceDays` after the first failed payment;
 * everything else gives Free. Of several running ones a paid one stands before a past-due one, then the earliest.
 */
export function derivePlan<C extends Candidate>(candidates: readonly C[], now: Date, graceDays: number): Derived<C> {
  const running = candidates.filter(isRunning).toSorted((a, b) => Number(isPaid(b)) - Number(isPaid(a)) || byAge(a, b));
  const unknown = running.filter(({ plan }) => plan === null);
  const [standing, ...surplus] = running.filter(({ plan }) => plan !== null);
  if (!standing) {
    const latest = candidates.toSorted(byAge).at(-1) ?? null;
    if (unknown.length > 0)
      return { plan: null, subscription: unknown[0] ?? null, surplus: [], unknown, graceEndsAt: null };
    return { plan: "free", subscription: latest, surplus: [], unknown, graceEndsAt: null };
  }
  if (isPaid(standing)) return { plan: standing.plan, subscription: standing, surplus, unknown, graceEndsAt: null };
  // Without a known failure there is nothing to count from, so there is no grace.
  const since = standing.pastDueSince ?? new Date(0);
  const graceEndsAt = new Date(since.getTime() + graceDays * dayMs);
  return { plan: now < graceEndsAt ? standing.plan : "free", subscription: standing, surplus, unknown, graceEndsAt };
}
