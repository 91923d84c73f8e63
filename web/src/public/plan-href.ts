import type { BillingInterval, Plan } from "@charlie/contract";

/** Where choosing a plan leads: an account first, which then goes on to pay for a plan that costs something. */
export function planHref(plan: Plan, interval: BillingInterval): string {
  return plan.monthlyCents === 0 ? "/sign-up" : `/sign-up?plan=${plan.id}&interval=${interval}`;
}
