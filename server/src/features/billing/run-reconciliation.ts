import { randomUUIDv7 } from "node:crypto";
import { eq } from "drizzle-orm";
import { asOperator } from "../../db/client.ts";
import { reconciliations } from "../../db/schema/billing.ts";
import { inWords } from "./error-words.ts";
import { reconcile } from "./reconcile.ts";
import type { BillingServices } from "./services.ts";

/**
 * Reconciles, and keeps when it ran and what came of it; under the given id where somebody asked for it. Throws what
 * `reconcile` does.
 */
export async function runReconciliation(services: BillingServices, id: string = randomUUIDv7()): Promise<void> {
  const { db } = services;
  await asOperator(db, (tx) => tx.insert(reconciliations).values({ id }).onConflictDoNothing());
  const finish = (result: Partial<typeof reconciliations.$inferInsert>) =>
    asOperator(db, (tx) =>
      tx
        .update(reconciliations)
        .set({ finishedAt: new Date(), ...result })
        .where(eq(reconciliations.id, id)),
    );
  try {
    await finish(await reconcile(services));
  } catch (error) {
    await finish({ error: inWords(error) });
    throw error;
  }
}
