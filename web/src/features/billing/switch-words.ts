import {
  type BillingInterval,
  type LimitId,
  limitIds,
  planOf,
  priceCents,
  type SwitchPreview,
} from "@charlie/contract";
import { formatCents, formatDate } from "../../ui/format.ts";
import type { PaidPlan } from "./chosen.ts";
import { allowanceWords } from "./upgrade-words.ts";
import type { Choice } from "./use-checkout.ts";

/** "$290 a year: two months free". */
export function offerPrice(plan: PaidPlan, interval: BillingInterval): string {
  const price = `${formatCents(priceCents(planOf(plan), interval))} a ${interval}`;
  return interval === "year" ? `${price}: two months free` : price;
}

/** What a switch costs, as three answers. */
export interface SwitchWords {
  /** What is charged when it is agreed to. */
  now: string;
  /** What stays in the workspace's favour; `null` where nothing does. */
  credit: string | null;
  /** What each renewal costs, and when the first one is. */
  later: string;
  /** The button that agrees. */
  agree: string;
  /** What pressing it does. */
  after: string;
}

/** Puts the amounts of a switch into words. */
export function switchWords({
  plan,
  interval,
  totalCents,
  creditCents,
  nextCents,
  nextAt,
}: SwitchPreview): SwitchWords {
  return {
    now: totalCents === 0 ? "Nothing" : formatCents(totalCents),
    credit: creditCents === 0 ? null : `${formatCents(creditCents)} stays as your credit and pays your next invoices.`,
    agree: totalCents === 0 ? `Switch to ${planOf(plan).name}` : `Switch and pay ${formatCents(totalCents)}`,
    after:
      totalCents === 0
        ? "The change is made at once."
        : "Your card is charged and the change is made at once. Where it cannot be charged, nothing changes.",
    later: `${formatCents(nextCents)} a ${interval}, for the first time on ${formatDate(nextAt)}, plus tax where it is due.`,
  };
}

/** What a smaller plan has less room for; empty where it is not smaller. */
export function lessRoom(from: PaidPlan, to: PaidPlan): string[] {
  const [before, after] = [planOf(from).limits, planOf(to).limits];
  const isLess = (id: LimitId) => after[id] !== null && (before[id] ?? Infinity) > (after[id] ?? Infinity);
  return limitIds.filter(isLess).map((id) => allowanceWords(id, after[id]));
}

/** What a refusal asks for: leads to a page of ours or of the payment provider. */
export type WayOut = "pay" | "keep" | "plans" | "billing" | "month" | "card";

/** Why a plan cannot be switched or paid for now, and what to do. */
export interface RefusalWords {
  title: string;
  detail: string;
  way: WayOut | null;
}

/** Words for the refusals that have a way out; `null` for all others. `choice` is what was asked for. */
export function refusalWords(code: string | null, { plan, interval }: Choice): RefusalWords | null {
  const { name } = planOf(plan);
  switch (code) {
    case "payment_due":
      return {
        title: "One payment is still open",
        detail: "Please pay it first, then you can change your plan. Nothing was charged now.",
        way: "pay",
      };
    case "payment_failed":
      return {
        title: "Your card could not be charged",
        detail: "Your plan is as it was. Please try another card, then change the plan again.",
        way: "card",
      };
    case "plan_ends":
      return {
        title: "Your plan is set to end",
        detail: "Take back the cancellation first, then you can change it. That costs nothing.",
        way: "keep",
      };
    case "same_plan":
      return { title: "That is what you have", detail: `You are on ${name}, paid by the ${interval}.`, way: null };
    case "never_paid":
    case "no_running_plan":
      return {
        title: "There is no plan to change any more",
        detail: "You are on Free now. You can choose a plan and start it anew; nothing was charged.",
        way: "plans",
      };
    case "no_yearly_price":
      return {
        title: `${name} can only be paid by the month here`,
        detail: "Whoever runs this service does not offer it by the year. Nothing was charged.",
        way: "month",
      };
    case "already_subscribed":
      return {
        title: "This workspace has a plan already",
        detail: "Nothing was charged again. You can change it, or pay what is open, under Billing.",
        way: "billing",
      };
    case "payment_under_way":
      return {
        title: "A payment is being made in another window",
        detail: "Look under Billing in a moment. You will not be charged twice.",
        way: "billing",
      };
    default:
      return null;
  }
}
