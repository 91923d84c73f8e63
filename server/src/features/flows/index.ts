export { longestPrompt } from "./longest-prompt.ts";
export { previewAnswer } from "./preview.ts";
export { runFlow, type FlowOutcome } from "./run-flow.ts";
export type { FlowInput, Turn } from "./step.ts";
