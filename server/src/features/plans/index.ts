export { fitToPlan, type Counts } from "./fit-to-plan.ts";
export { agentFrozen, projectFrozen } from "./frozen.ts";
export { limitReached, type LimitMet, type SpendCapMet } from "./limit-reached.ts";
export { countLive, lockWorkspace, needRoomFor } from "./need-room.ts";
export { presentKept } from "./present.ts";
export { rateRefusals } from "./rate-refusals.ts";
export { plansRoutes } from "./routes.ts";
export { isFull } from "./sentences.ts";
export { spendCapOf, type OperatorAi } from "./spend-cap.ts";
