import { type BillingInterval, billingIntervals, paidPlanIds, type PlanId } from "@charlie/contract";

/** A plan that is paid for. */
export type PaidPlan = (typeof paidPlanIds)[number];

export const isPaid = (plan: PlanId): plan is PaidPlan => plan !== "free";

/** What somebody chose before they could pay, as the address carries it along. */
export interface Chosen {
  plan?: PaidPlan;
  interval?: BillingInterval;
}

/** Reads the choice from an address; an interval means nothing without a plan. */
export function readChosen(search: Record<string, unknown>): Chosen {
  const plan = paidPlanIds.find((candidate) => candidate === search["plan"]);
  const interval = billingIntervals.find((candidate) => candidate === search["interval"]);
  return plan ? { plan, ...(interval && { interval }) } : {};
}

const key = "charlie.chosen";
/** As long as the letter works that asks to confirm the address, in ms. */
const keptFor = 24 * 60 * 60 * 1_000;

/** Keeps the choice for when the address is confirmed, which happens in another window. Nothing chosen forgets it. */
export function rememberChosen(chosen: Chosen): void {
  if (chosen.plan) localStorage.setItem(key, JSON.stringify({ ...chosen, until: Date.now() + keptFor }));
  else localStorage.removeItem(key);
}

/** The choice that was kept in this browser, while the letter works. */
export function chosenBefore(): Chosen {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    if (typeof kept !== "object" || kept === null) return {};
    return Date.now() < Number(Reflect.get(kept, "until")) ? readChosen({ ...kept }) : {};
  } catch {
    // Somebody else's words under our key.
    return {};
  }
}
