import type { BrainTimeouts } from "./types.ts";

/** How long real brains may take. */
export const defaultTimeouts: BrainTimeouts = { firstTextMs: 30_000, betweenMs: 60_000, wholeMs: 300_000 };

/** What the AI verbs need from outside; made once by `makeAiServices`. */
export interface AiServices {
  timeouts: BrainTimeouts;
  /** Pause of the offline brain between two pieces of text, in milliseconds. */
  offlinePauseMs: number;
}
