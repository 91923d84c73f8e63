import type { BookAudit } from "@charlie/contract";
import { DatabaseError } from "pg";
import type { OperatorCtx } from "../../context.ts";
import { unavailable } from "../../errors.ts";
import { auditEverything } from "../usage/index.ts";

const shown = 100;

/** PostgreSQL's code of a statement that took longer than it may. */
const isTooSlow = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof DatabaseError && cause.code === "57014";
};

/**
 * Checks the promises of counting over everything. Throws 503 `audit_too_long` where it takes longer than a person waits,
 * `patienceMs`.
 */
export async function auditBooks({ db }: OperatorCtx, patienceMs = 30_000): Promise<BookAudit> {
  try {
    const { differences, ...rest } = await auditEverything(db, patienceMs);
    return { ...rest, differences: differences.slice(0, shown), differenceCount: differences.length };
  } catch (error) {
    if (!isTooSlow(error)) throw error;
    throw unavailable(
      "audit_too_long",
      "There is too much to check while you wait. Run scripts/audit.ts on the server.",
    );
  }
}
