export { askBrain, type BrainPrompt } from "./ask.ts";
export { worstCaseMicros } from "./worst-case.ts";
export { offlineBrain, resolveBrain } from "./resolve-brain.ts";
export { aiRoutes } from "./routes.ts";
export { defaultTimeouts, makeAiServices, type AiServices } from "./services.ts";
export { sourcesOf, type SavedKey } from "./sources.ts";
export type { ReadyBrain, TokenUse } from "./types.ts";
export { unreadableKeys } from "./unreadable-keys.ts";
