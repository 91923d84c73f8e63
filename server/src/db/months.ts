import { sql } from "drizzle-orm";
import type { Tx } from "./client.ts";

/**
 * So many months ahead of the running one have their partitions. More would be looked into by every reader of a
 * conversation; without the nightly job for that long, rows go to the default partition and are safe there.
 */
const monthsAhead = 2;

/**
 * Makes the partitions of the months to come, as operator. That takes milliseconds, and locks which nobody shall wait
 * for: they are given up before PostgreSQL looks for deadlocks (1 s), so an answer is never undone for them. Throws where
 * they could not be had, or an answer runs that has to move: the queue tries again later.
 */
export async function makeMonths(tx: Tx): Promise<void> {
  await tx.execute(sql`set local lock_timeout = '300ms'`);
  await tx.execute(sql`select make_months(${monthsAhead})`);
}
