import type { Help, KeptDecision } from "@charlie/contract";
import { formatCount, formatMicros } from "../../ui/format.ts";

const helpWords: Record<Help, string> = {
  wait: "waiting",
  delete_one: "deleting one",
  raise_cap: "a higher cap",
  own_key: "a key of your own",
  upgrade: "a bigger plan",
};

/** Rates are met by programs and busy pages: what they asked is named by its kind, not by its address. */
const rates: Partial<Record<KeptDecision["limit"], string>> = {
  requestsPerMinute: "Too many requests in a minute",
  questionsPerMinute: "Too many questions in a minute",
  previewsPerMinute: "Too many previews in a minute",
};

const list = new Intl.ListFormat("en-US", { type: "disjunction" });

/** Refusals of the same kind that followed one another. */
export interface Refused {
  newest: KeptDecision;
  oldest: KeptDecision;
  count: number;
}

const askedOf = ({ limit, asked }: KeptDecision): string => rates[limit] ?? asked;
const kindOf = (refusal: KeptDecision): string =>
  [refusal.limit, askedOf(refusal), refusal.plan, refusal.allowed, refusal.helps].join();

/** Refusals, newest first, those of the same kind that follow one another as one: who asks on and on makes no wall. */
export function inRow(refusals: readonly KeptDecision[]): Refused[] {
  const rows: Refused[] = [];
  for (const refusal of refusals) {
    const last = rows.at(-1);
    if (last && kindOf(last.oldest) === kindOf(refusal)) {
      last.oldest = refusal;
      last.count += 1;
    } else rows.push({ newest: refusal, oldest: refusal, count: 1 });
  }
  return rows;
}

/** One refusal in words: what was asked, the count at that moment, what would have helped. */
export function refusedWords(refusal: KeptDecision): {
  asked: string;
  count: string;
  help: string;
} {
  const { limit, used, allowed, helps, next, spend } = refusal;
  const say = (value: number) => (limit === "aiSpend" ? formatMicros(value) : formatCount(value));
  const count =
    spend === null
      ? `${say(used)} of ${say(allowed)} at that moment.`
      : `${say(used)} of ${say(allowed)} at that moment, ${formatMicros(spend.heldMicros, "up")} held; this one needed up to ${formatMicros(spend.neededMicros, "up")}.`;
  const names = helps.map((help) => (help === "upgrade" && next ? `the ${next.name} plan` : helpWords[help]));
  return { asked: askedOf(refusal), count, help: `What helps: ${list.format(names)}.` };
}
