import { sql } from "drizzle-orm";
import { asOperator, type Database } from "../../db/client.ts";
import { findDifferences, type Difference } from "./invariants.ts";

/** What an audit of the whole database saw at one moment. */
export interface Audit {
  /** Empty when counters, answers, ledger and history agree. */
  differences: Difference[];
  /** Answers in the ledger. */
  answers: number;
  workspaces: number;
  /** Rows that belong to no month's partition: a server's clock is wrong, or months are not made. They are safe, but slow. */
  outsideMonths: number;
}

/**
 * Checks the promises of counting over everything, in one snapshot that only reads: nobody waits for it, on a live
 * database. Throws where it takes longer than `timeoutMs`.
 */
export const auditEverything = (db: Database, timeoutMs = 600_000): Promise<Audit> =>
  asOperator(db, async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read, read only`);
    await tx.execute(
      sql`select set_config('statement_timeout', ${String(timeoutMs)}, true), set_config('work_mem', '64MB', true),
        set_config('enable_partitionwise_join', 'on', true)`,
    );
    const { rows } = await tx.$client.query<Omit<Audit, "differences">>(
      `select (select coalesce(sum(messages), 0)::bigint from usage_daily) as answers,
        (select count(*) from workspaces) as workspaces,
        (select count(*) from partitions.messages_default) + (select count(*) from partitions.usage_events_default)
          as "outsideMonths"`,
    );
    const differences = await findDifferences(tx);
    return { answers: 0, workspaces: 0, outsideMonths: 0, ...rows[0], differences };
  });
