import type { BrainPrompt } from "./ask.ts";
import type { ReadyBrain } from "./types.ts";

/** What providers put around each message, and around all of them, in tokens; generously. */
const [aroundOne, aroundAll] = [16, 64];

/** Some tokenizers unfold characters first (one Arabic ligature to eighteen letters), so the longer form counts. */
const bytesOf = (text: string): number => Math.max(Buffer.byteLength(text), Buffer.byteLength(text.normalize("NFKC")));

/**
 * More tokens than any tokenizer can make of this prompt: they all cut text into pieces of at least one byte. Without a
 * tokenizer of our own, and some four times what it really takes.
 */
export const tokensAtMost = ({ instructions, messages }: BrainPrompt): number =>
  messages.reduce((sum, { content }) => sum + bytesOf(content) + aroundOne, bytesOf(instructions) + aroundAll);

/**
 * The most that asking this brain `times` times can cost, in whole micro-dollars, where the provider honours the longest
 * answer it is allowed. Where it does not, an answer costs at most as many tokens of output as characters we take of it.
 */
export function worstCaseMicros(brain: ReadyBrain, prompt: BrainPrompt, times: number): number {
  const tokensIn = tokensAtMost(prompt) * times;
  const costs = [
    { cached: 0, cacheWritten: 0 },
    { cached: tokensIn, cacheWritten: 0 },
    { cached: 0, cacheWritten: tokensIn },
  ].map((parts) => brain.costMicros({ in: tokensIn, out: brain.maxOutputTokens * times, ...parts }));
  return Math.max(...costs);
}
