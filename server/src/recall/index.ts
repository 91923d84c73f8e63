import type { UsedSentence } from "@charlie/contract";

export interface Recalled extends UsedSentence {
  score: number;
}

/** The sentences that fit the question, best first. */
export function recall(teaching: { who?: string; rules?: string; tricks?: string }, question: string): Recalled[] {
  const words = new Set(question.toLowerCase().match(/\p{L}{4,}/gu) ?? []);
  return (["tricks", "rules", "who"] as const)
    .flatMap((source) =>
      (teaching[source] ?? "").split(/(?<=[.!?])\s+|\n+/u).map((text) => ({
        source,
        text: text.trim(),
        score: (text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter((word) => words.has(word)).length,
      })),
    )
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
}
