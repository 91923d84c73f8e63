import { asOperator, type Database } from "../db/client.ts";
import { makeMonths } from "../db/months.ts";
import { sql } from "drizzle-orm";
import type { Jobs } from "./queue.ts";

/**
 * Every night: makes the partitions of the months to come, and drops what nobody can ask for any more. An
 * `Idempotency-Key` is remembered for a week, a refusal for 90 days, what was done
 * to the service itself for a good year.
 */
export const housekeepingJobs = (db: Database): Jobs => ({
  tasks: {
    housekeeping: async () => {
      await asOperator(db, makeMonths);
      await asOperator(db, async (tx) => {
        await tx.execute(sql`delete from idempotency_keys where created_at < now() - interval '7 days'`);
        await tx.execute(sql`delete from decisions where created_at < now() - interval '90 days'`);
        await tx.execute(sql`delete from operations where ended_at < now() - interval '400 days'`);
        await tx.execute(sql`delete from sessions where expires_at < now()`);
        // No token lives as long as a day.
        await tx.execute(sql`delete from clerk_ended_sessions where ended_at < now() - interval '30 days'`);
        await tx.execute(sql`delete from verifications where expires_at < now()`);
      });
    },
  },
  crontab: "17 3 * * * housekeeping",
});
