import { dollarWords, type LimitId, type Plan } from "@charlie/contract";

const number = (value: number): string => value.toLocaleString("en");

/** "room for 10 agents", "1,000 messages a day": what a plan gives of a limit; `null` is unlimited. */
function gives(limit: LimitId, allowed: number | null): string {
  if (limit === "messagesPerDay")
    return allowed === null ? "as many messages as you like" : `${number(allowed)} messages a day`;
  if (allowed === null) return `as many ${limit} as you like`;
  return `room for ${number(allowed)} ${allowed === 1 ? limit.slice(0, -1) : limit}`;
}

/** The sentence a reader gets at a limit: what is full, that nothing is lost, what helps. */
export function limitSentence(limit: LimitId, plan: Plan, allowed: number, next: Plan | null): string {
  const full =
    limit === "messagesPerDay"
      ? `Charlie has answered all ${number(allowed)} messages of today that the ${plan.name} plan gives.`
      : `The ${plan.name} plan gives ${gives(limit, allowed)}, and that is used.`;
  const wait = limit === "messagesPerDay" ? " He can go on at midnight UTC." : "";
  const better = next
    ? ` ${next.name} gives ${gives(limit, next.limits[limit])}.`
    : limit === "messagesPerDay"
      ? ""
      : ` Deleting one makes room.`;
  return `${full}${wait}${better}`;
}

/** Where a spend cap stands when an answer does not fit under it, in micro-dollars. */
export interface SpendMet {
  used: number;
  /** The cap. */
  allowed: number;
  heldMicros: number;
  neededMicros: number;
  /** When the billing period ends. */
  resetsAt: Date;
}

/** Whether the answer would not fit either with nothing else running. */
export const isFull = ({ used, allowed, neededMicros }: SpendMet): boolean => used + neededMicros > allowed;

/** The sentence a reader gets at the spend cap. `mayRaise`: the workspace can set a higher one. */
export function spendSentence(met: SpendMet, plan: Plan, mayRaise: boolean): string {
  const { used, allowed, neededMicros, resetsAt } = met;
  const day = resetsAt.toLocaleDateString("en", { day: "numeric", month: "long", timeZone: "UTC" });
  const of = plan.id === "free" ? "of free AI" : "that AI may cost";
  const state = `${dollarWords(used)} of the ${dollarWords(allowed)} ${of} until ${day} are used`;
  if (!isFull(met)) {
    return `${state}, and answers that are running now could take the rest. Ask again when they are done.`;
  }
  const helps = [
    ...(mayRaise ? ["raise the cap under Usage"] : []),
    "save a key of your own under Settings, AI keys",
    ...(plan.id === "free" ? ["move to a paid plan"] : []),
  ];
  return `${state}, and this answer could cost up to ${dollarWords(neededMicros, "up")}. It was not asked, and cost nothing. To go on, ${helps.join(", or ")}.`;
}
