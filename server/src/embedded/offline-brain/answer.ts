import type { UsedSentence } from "@charlie/contract";
import { recall } from "../../recall/index.ts";

/** The teaching as its owner wrote it. */
export interface Teaching {
  agentName: string;
  who: string;
  rules: string;
  tricks: string;
}

export function answerFrom(teaching: Teaching, question: string): { text: string; quoted: UsedSentence[] } {
  const found = recall(teaching, question).slice(0, 4);
  if (found.length === 0) return { text: "I haven't been taught that yet.", quoted: [] };
  return { text: found.map(({ text }) => text).join(" "), quoted: found.map(({ source, text }) => ({ source, text })) };
}
