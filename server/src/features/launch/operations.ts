import { randomUUIDv7 } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { asOperator, type Database, type Tx } from "../../db/client.ts";
import { operationKinds, operations, type OperationName } from "../../db/schema/operations.ts";

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

/** Writes down that an operation begins, as one that has not gone well until `endOperation` says so. Returns its id. */
export const beginOperation = (db: Database, { name, startedAt }: Pick<Operation, "name" | "startedAt">) =>
  asOperator(db, async (tx) => {
    const id = randomUUIDv7();
    await tx.insert(operations).values({ id, name, ok: false, startedAt, endedAt: null });
    return id;
  });

/** Writes down how a begun operation ended, now. Needs an operator's transaction. */
export async function endOperation(tx: Tx, id: string, { ok, detail }: Pick<Operation, "ok" | "detail">) {
  await tx
    .update(operations)
    .set({ ok, detail, endedAt: sql`now()` })
    .where(eq(operations.id, id));
}

/** Operations of a kind that began and never ended. Whoever asks must know that none of them still runs. */
export const unendedOperations = (db: Database, name: OperationName): Promise<{ id: string; startedAt: Date }[]> =>
  asOperator(db, (tx) =>
    tx
      .select({ id: operations.id, startedAt: operations.startedAt })
      .from(operations)
      .where(and(eq(operations.name, name), isNull(operations.endedAt)))
      .orderBy(operations.startedAt),
  );

// By the index of each kind: what happened in a year is not read for it. $1 kinds.
const lastSql = `
select o.* from unnest($1::text[]) as kind (name), unnest(array[false, true]) as went (ok), lateral (
  select name, ok, detail, started_at as "startedAt", ended_at as "endedAt" from operations
  where name = kind.name and ok = went.ok and ended_at is not null order by ended_at desc limit 1
) o order by o.name, o.ok`;

/** The newest outcome of each kind of operation, and of each kind the newest that went well. */
export const lastOperations = (db: Database): Promise<Operation[]> =>
  asOperator(db, async (tx) => {
    const { rows } = await tx.$client.query<Operation>({
      name: "last-operations",
      text: lastSql,
      values: [operationKinds],
    });
    return rows;
  });
