import { DatabaseError } from "pg";

/** Why a statement undid itself (function `undo` of the database); null for any other error. */
export const undoneBecause = (error: unknown): string | null =>
  error instanceof DatabaseError && error.code === "CHUND" ? error.message : null;
