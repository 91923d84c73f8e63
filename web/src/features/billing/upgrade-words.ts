import {
  type Decision,
  type DecisionLimit,
  type LimitId,
  type Plan,
  type PlanId,
  planOf,
  plans,
  type RateLimitId,
  rateLimitIds,
} from "@charlie/contract";
import {
  formatAgo,
  formatCount,
  formatDate,
  formatDateTime,
  formatLimit,
  formatMicros,
  formatUnits,
} from "../../ui/format.ts";

const things: Record<LimitId, { one: string; many: string }> = {
  messagesPerDay: { one: "message", many: "messages" },
  agents: { one: "agent", many: "agents" },
  projects: { one: "project", many: "projects" },
};

/** 1000 messages → "1,000 messages a day"; `null` → "as many agents as you like". */
export function allowanceWords(limit: LimitId, allowed: number | null): string {
  const { one, many } = things[limit];
  const daily = limit === "messagesPerDay" ? " a day" : "";
  if (allowed === null) return `as many ${many}${daily} as you like`;
  return `${formatUnits(allowed, one, many)}${daily}`;
}

/** What stopped the person, as the title and the first lines of the dialogue say it. */
export interface StoppedWords {
  title: string;
  used: string;
  /** When it goes on by itself, or how else there is room again. */
  otherwise: string;
}

const isRate = (limit: DecisionLimit): limit is RateLimitId => (rateLimitIds as readonly string[]).includes(limit);

/** The cap on what AI may cost: it says no before an answer could go past it. */
function spendWords({ plan, used, allowed, resetsAt, spend, helps }: Decision): StoppedWords {
  const needed = spend?.neededMicros ?? 0;
  const of = plan === "free" ? "of free AI" : "that you let AI cost";
  const until = resetsAt === null ? "" : ` until ${formatDate(resetsAt)}`;
  const state = `${formatMicros(used)} of the ${formatMicros(allowed)} ${of}${until} are used.`;
  if (used + needed <= allowed) {
    return {
      title: "Other answers may need the rest",
      used: `${state} Answers that are running now could take what is left.`,
      otherwise: "Your question is kept and cost nothing. Ask again when they are done.",
    };
  }
  return {
    title: plan === "free" && !helps.includes("raise_cap") ? "The free AI is used up" : "Your cap on AI is met",
    used: `${state} This answer could cost up to ${formatMicros(needed, "up")}, so it was not asked.`,
    otherwise:
      resetsAt === null
        ? "Your question is kept."
        : `Your question is kept and cost nothing. The count starts again on ${formatDate(resetsAt)}.`,
  };
}

/** `now` is for tests. */
export function stoppedWords(decision: Decision, now: Date = new Date()): StoppedWords {
  const { limit, used, allowed, resetsAt } = decision;
  if (limit === "aiSpend") return spendWords(decision);
  if (isRate(limit)) {
    return {
      title: "That was a lot in a short time",
      used: `${formatCount(used)} of ${formatCount(allowed)} requests in a minute.`,
      otherwise: "Wait a minute, then go on.",
    };
  }
  const { one, many } = things[limit];
  if (limit === "messagesPerDay") {
    const when = resetsAt === null ? "tomorrow" : `${formatAgo(resetsAt, now)} (${formatDateTime(resetsAt)})`;
    return {
      title: "That was today’s last message",
      used: `${formatLimit(used)} of ${formatUnits(allowed, one, many)} used today.`,
      otherwise: `Your question is kept. You can go on without paying ${when}: then the count starts again.`,
    };
  }
  return {
    title: `You have all the ${many} of your plan`,
    used: `${formatLimit(used)} of ${formatUnits(allowed, one, many)} used.`,
    otherwise: `Nothing is lost. You can also make room by deleting ${/^[aeiou]/.test(one) ? "an" : "a"} ${one} that you don’t need.`,
  };
}

/** The plan above this one; `null` at the top. */
export function planAbove(id: PlanId): Plan | null {
  const { monthlyCents } = planOf(id);
  return plans.find((plan) => plan.monthlyCents > monthlyCents) ?? null;
}

export interface Offer {
  plan: Plan;
  /** What is more than now, best first. */
  gains: string[];
}

const supportWords: Record<Plan["support"], string> = {
  community: "Help from the community",
  "e-mail": "Help by e-mail",
  priority: "Help by e-mail, yours first",
};

/** What a plan gives more than the one that the workspace has. The limit that was met stands first. */
export function offerOf(plan: Plan, from: PlanId, met?: DecisionLimit): Offer {
  const before = planOf(from);
  const order: LimitId[] = ["messagesPerDay", "agents", "projects"];
  const limits = order.toSorted((a, b) => Number(b === met) - Number(a === met));
  const more = limits.filter((limit) => plan.limits[limit] !== before.limits[limit]);
  const gains = more.map((limit) => allowanceWords(limit, plan.limits[limit]));
  const { usualMicros, mostMicros } = plan.aiSpend;
  if (mostMicros !== before.aiSpend.mostMicros) {
    const gain = `AI at cost, up to a cap that you set: ${formatMicros(usualMicros)} at first, ${formatMicros(mostMicros)} at most`;
    if (met === "aiSpend") gains.unshift(gain);
    else gains.push(gain);
  }
  if (plan.support !== before.support) gains.push(supportWords[plan.support]);
  return { plan, gains };
}
