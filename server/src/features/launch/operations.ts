import { randomUUIDv7 } from "node:crypto";
import { desc } from "drizzle-orm";
import { asOperator, type Database } from "../../db/client.ts";
import { operations, type OperationName } from "../../db/schema/operations.ts";

export interface Operation {
  name: OperationName;
  ok: boolean;
  /** What is worth telling: sizes, counts, what went wrong. Never a secret. */
  detail: Record<string, unknown>;
  startedAt: Date;
  endedAt: Date;
}

/** Writes down how an operation ended, now. */
export const recordOperation = (db: Database, operation: Omit<Operation, "endedAt">): Promise<void> =>
  asOperator(db, async (tx) => {
    await tx.insert(operations).values({ id: randomUUIDv7(), ...operation });
  });

/** The newest outcome of each kind of operation, and of each kind the newest that went well. */
export const lastOperations = (db: Database): Promise<Operation[]> =>
  asOperator(db, (tx) =>
    tx
      .selectDistinctOn([operations.name, operations.ok], {
        name: operations.name,
        ok: operations.ok,
        detail: operations.detail,
        startedAt: operations.startedAt,
        endedAt: operations.endedAt,
      })
      .from(operations)
      .orderBy(operations.name, operations.ok, desc(operations.endedAt)),
  );
