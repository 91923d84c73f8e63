import type { BrainProvider, Message, Payer, Trace, TraceStep, UsedSentence } from "@charlie/contract";
import { formatCount, formatMicros, formatUnits } from "../../ui/format.ts";

/** A trace in plain words, as *Why did he say that?* shows it. */
export interface Reasons {
  remembered: string;
  /** The taught sentences that were used, by the answer they come from. Empty where none fitted. */
  taught: { from: string; sentences: string[] }[];
  brain: string;
  time: string | null;
  /** Said only where the answer ended because it grew too long. */
  cut: string | null;
  /** Figures for those who want them: already formatted. */
  numbers: { label: string; value: string }[];
}

type Step<T extends TraceStep["type"]> = Extract<TraceStep, { type: T }>;

const stepsOf = <T extends TraceStep["type"]>(trace: Trace, type: T): Step<T>[] =>
  trace.steps.filter((step): step is Step<T> => step.type === type);

const sources: Record<UsedSentence["source"], string> = {
  who: "Who is he?",
  rules: "What are his rules?",
  tricks: "What tricks does he know?",
};

const brains: Record<Exclude<BrainProvider, "offline">, string> = {
  openai: "OpenAI",
  anthropic: "Anthropic",
  compatible: "your own AI server",
};

/** Only what counted is charged, and not on Free. */
function payerWords(payer: Payer, usage: Message["usage"]): string {
  if (payer === "own_key") return "Your own key";
  if (payer === "nobody") return "Nobody: it is free";
  return usage?.passedOn ? "You, at cost" : "This service: you are not charged";
}

function rememberedWords(steps: Step<"input">[]): string {
  const count = steps[0]?.remembered ?? 0;
  if (count === 0) return "This was the start of the chat, so there was nothing earlier to remember.";
  return `He kept ${formatUnits(count, "earlier message")} of this chat in mind.`;
}

function taughtBySource(steps: Step<"taught">[]): Reasons["taught"] {
  const used = steps.flatMap((step) => step.used);
  return Object.entries(sources).flatMap(([source, from]) => {
    const sentences = used.filter((sentence) => sentence.source === source).map(({ text }) => text);
    return sentences.length > 0 ? [{ from, sentences: [...new Set(sentences)] }] : [];
  });
}

function brainWords(step: Step<"brain"> | undefined): string {
  if (!step) return "His brain was not asked this time.";
  if (step.provider === "offline") {
    return "His practice brain answered. It only finds sentences that you taught him; it makes nothing up.";
  }
  return `The answer was put into words by ${step.model} from ${brains[step.provider]}.`;
}

/** 940 → "0.9 seconds", 12,400 → "12 seconds". */
export function secondsWords(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 0.1) return "less than a tenth of a second";
  const rounded = seconds < 9.95 ? Math.round(seconds * 10) / 10 : Math.round(seconds);
  return rounded === 1 ? "1 second" : `${formatCount(rounded)} seconds`;
}

function timeWords(trace: Trace, brain: Step<"brain"> | undefined): string | null {
  if (trace.steps.length === 0) return null;
  const whole = `It took ${secondsWords(trace.steps.reduce((sum, { ms }) => sum + ms, 0))}`;
  const first = brain?.firstTextMs;
  if (first === null || first === undefined || first < 100) return `${whole}.`;
  return `${whole}; the first words came after ${secondsWords(first)}.`;
}

function numbersOf(steps: Step<"brain">[], usage: Message["usage"]): Reasons["numbers"] {
  const last = steps.at(-1);
  if (!last) return [];
  const sum = (field: "tokensIn" | "tokensOut" | "tokensCached") =>
    formatCount(usage?.[field] ?? steps.reduce((total, step) => total + step[field], 0));
  const atProvider = usage?.ownKeyMicros ?? null;
  return [
    { label: "Model", value: last.model },
    { label: "Tokens read", value: sum("tokensIn") },
    { label: "Tokens read again from memory, cheaper", value: sum("tokensCached") },
    { label: "Tokens written", value: sum("tokensOut") },
    { label: "AI cost here", value: formatMicros(usage?.costMicros ?? 0) },
    { label: "Who pays for the AI", value: payerWords(last.payer, usage) },
    ...(atProvider === null ? [] : [{ label: "At your provider", value: `about ${formatMicros(atProvider)}` }]),
  ];
}

/** Puts the trace of an answer into words. `usage` is what was counted for it; a failed answer has none. */
export function traceWords(trace: Trace, usage: Message["usage"]): Reasons {
  const brainSteps = stepsOf(trace, "brain");
  const brain = brainSteps.at(-1);
  return {
    remembered: rememberedWords(stepsOf(trace, "input")),
    taught: taughtBySource(stepsOf(trace, "taught")),
    brain: brainWords(brain),
    time: timeWords(trace, brain),
    cut:
      brain?.finishReason === "length"
        ? "He stopped because the answer reached the longest length you allow. You can allow longer answers under Teach, More."
        : null,
    numbers: numbersOf(brainSteps, usage),
  };
}
