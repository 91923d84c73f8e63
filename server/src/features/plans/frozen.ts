import { conflict, type AppError } from "../../errors.ts";

/** 409 `agent_frozen`: it can be read and deleted, nothing else. */
export const agentFrozen = (): AppError =>
  conflict(
    "agent_frozen",
    "This agent is asleep: there are more than your plan keeps awake. Nothing of it is lost. The owner can choose which ones stay awake, and a larger plan wakes all of them.",
  );

/** 409 `project_frozen`: it can be read and deleted, nothing else. */
export const projectFrozen = (): AppError =>
  conflict(
    "project_frozen",
    "This project is asleep: there are more than your plan keeps awake. Nothing in it is lost. The owner can choose which ones stay awake, and a larger plan wakes all of them.",
  );
