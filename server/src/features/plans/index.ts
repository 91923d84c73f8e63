export { limitReached, type LimitMet } from "./limit-reached.ts";
export { countLive, needRoomFor } from "./need-room.ts";
export { plansRoutes } from "./routes.ts";
