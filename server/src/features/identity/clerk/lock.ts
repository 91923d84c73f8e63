import { sql } from "drizzle-orm";
import { asOperator, type Database, type Tx } from "../../../db/client.ts";

/**
 * One at a time writes what Clerk tells of people, whichever server hears it: two could find the same account missing,
 * or the same address free. Sign-ups are rare, and nobody else is asked meanwhile.
 */
export const withClerkLock = <T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  asOperator(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('clerk-people', 0))`);
    return work(tx);
  });
