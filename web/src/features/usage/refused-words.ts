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

/** One refusal in words: what was asked, the count at that moment, what would have helped. */
export function refusedWords({ limit, asked, used, allowed, helps, next, spend }: KeptDecision): {
  asked: string;
  count: string;
  help: string;
} {
  const say = (value: number) => (limit === "aiSpend" ? formatMicros(value) : formatCount(value));
  const count =
    spend === null
      ? `${say(used)} of ${say(allowed)} at that moment.`
      : `${say(used)} of ${say(allowed)} at that moment, ${formatMicros(spend.heldMicros, "up")} held; this one needed up to ${formatMicros(spend.neededMicros, "up")}.`;
  const names = helps.map((help) => (help === "upgrade" && next ? `the ${next.name} plan` : helpWords[help]));
  return { asked: rates[limit] ?? asked, count, help: `What helps: ${list.format(names)}.` };
}
