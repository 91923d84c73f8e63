export { limitReached, type LimitMet } from "./limit-reached.ts";
export { countLive, needRoomFor, type Countable } from "./need-room.ts";
export { plansRoutes } from "./routes.ts";
