export { fitToPlan, type Counts } from "./fit-to-plan.ts";
export { agentFrozen, projectFrozen } from "./frozen.ts";
export { limitReached, type LimitMet } from "./limit-reached.ts";
export { countLive, lockWorkspace, needRoomFor } from "./need-room.ts";
export { plansRoutes } from "./routes.ts";
