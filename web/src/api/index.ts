export { callAuth, isSignedIn } from "./auth.ts";
export { call } from "./call.ts";
export { onLimit, tellLimit } from "./limit-signal.ts";
export { CallError, decisionOf, fieldErrors, statusOf } from "./problem.ts";
export { makeQueryClient } from "./query-client.ts";
export { renewSessionBy } from "./signed-in.ts";
export { queries } from "./queries.ts";
