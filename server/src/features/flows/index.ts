export { FlowFault, planFlow } from "./graph.ts";
export { previewAnswer } from "./preview.ts";
export { runFlow, type FlowOptions, type FlowOutcome } from "./run-flow.ts";
export type { FlowInput, Turn } from "./step.ts";
