import { sql } from "drizzle-orm";
import { asOperator, type Tx } from "../../db/client.ts";
import type { BillingServices } from "./services.ts";

/**
 * Runs `work` in an operator's transaction, one at a time for each workspace on any number of servers. It may ask
 * Stripe meanwhile; that keeps a connection, so a process has few such transactions open and the rest wait their turn.
 */
export const withBillingLock = <T>(
  { db, turns }: BillingServices,
  workspaceId: string,
  work: (tx: Tx) => Promise<T>,
): Promise<T> =>
  turns(workspaceId, () =>
    asOperator(db, async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`billing:${workspaceId}`}, 0))`);
      return work(tx);
    }),
  );
