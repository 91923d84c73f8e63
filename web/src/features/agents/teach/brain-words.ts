import type { Brain, BrainChoice } from "@charlie/contract";

/** Words per token, roughly, in English: providers say 100 tokens are about 75 words. */
const wordsPerToken = 0.75;

const sources: Record<Brain["source"], string> = {
  built_in: "for practice, costs nothing",
  own_key: "with your own key",
  operator: "with this service’s key, up to your cap",
  none: "needs a key first",
};

interface Choice {
  value: string;
  label: string;
  disabled?: boolean;
}

/** The brains to choose from; one without a key is shown and cannot be taken. */
export function brainChoices(brains: readonly Brain[], auto: BrainChoice["provider"]): Choice[] {
  const now = brains.find(({ provider }) => provider === auto)?.name;
  return [
    { value: "auto", label: now ? `The best one there is (now: ${now})` : "The best one there is" },
    ...brains.map(({ provider, name, source }) => ({
      value: provider,
      label: `${name}: ${sources[source]}`,
      disabled: source === "none",
    })),
  ];
}

const aboutWords = (tokens: number): string => {
  const words = tokens * wordsPerToken;
  return `about ${(words < 100 ? Math.round(words / 5) * 5 : Math.round(words / 50) * 50).toLocaleString("en")} words`;
};

/** How long an answer may be, as choices; a length that was set elsewhere joins them. */
export function lengthChoices(current: number | null): Choice[] {
  const usual: [number, string][] = [
    [100, "Short"],
    [400, "Medium"],
    [1_600, "Long"],
  ];
  const own: [number, string][] =
    current !== null && !usual.some(([tokens]) => tokens === current) ? [[current, "As it is"]] : [];
  return [
    { value: "", label: "Leave it to the brain" },
    ...[...usual, ...own].map(([tokens, label]) => ({
      value: String(tokens),
      label: `${label}: ${aboutWords(tokens)} (${tokens.toLocaleString("en")} tokens)`,
    })),
  ];
}
