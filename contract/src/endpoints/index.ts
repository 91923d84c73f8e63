export * from "./admin.ts";
export * from "./agents.ts";
export * from "./ai.ts";
export * from "./billing.ts";
export * from "./chat.ts";
export * from "./identity.ts";
export * from "./plan-fit.ts";
export * from "./usage.ts";
