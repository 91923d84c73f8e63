export * from "./endpoint.ts";
export * from "./endpoints/index.ts";
export * from "./flow.ts";
export * from "./money.ts";
export * from "./plans.ts";
export * from "./problem.ts";
export * from "./tellable.ts";
export * from "./trace.ts";
