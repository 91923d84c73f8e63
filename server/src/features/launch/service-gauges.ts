import { sql } from "drizzle-orm";
import { asOperator, type Database } from "../../db/client.ts";
import type { Gauge } from "../../telemetry.ts";
import { vitalSigns, type VitalSign } from "./vital-signs.ts";

/** How each vital sign is called where alarms hang on it, in units that Prometheus likes. */
const told: Record<VitalSign["name"], { name: string; unit: string; description: string; factor: number }> = {
  queue: { name: "charlie.queue.lag", unit: "s", description: "How long the oldest job is overdue", factor: 1 },
  backup: { name: "charlie.backup.age", unit: "s", description: "Since the last good backup", factor: 3_600 },
  restoreCheck: {
    name: "charlie.restore_check.age",
    unit: "s",
    description: "Since a backup was last restored to see that it can be",
    factor: 3_600,
  },
  certificate: {
    name: "charlie.certificate.remaining",
    unit: "s",
    description: "Until the certificate ends",
    factor: 86_400,
  },
  disk: { name: "charlie.disk.free", unit: "By", description: "What can still be written", factor: 1e9 },
  strayRows: { name: "charlie.stray_rows", unit: "", description: "Rows that no month has room for", factor: 1 },
};

/**
 * What Prometheus is told about the service as a whole: the vital signs, jobs that were given up, and Stripe's events that
 * could not be worked on. Throws where the database does not answer.
 */
export async function serviceGauges(db: Database, place: { production: boolean; diskPath: string }): Promise<Gauge[]> {
  const signs = new Map((await vitalSigns(db, place)).map(({ name, value }) => [name, value]));
  const { rows } = await asOperator(db, (tx) =>
    tx.execute<{ webhooks: number; dead: number }>(sql`
      select (select count(*)::int from billing_events where processed_at is null and error is not null) as webhooks,
        (select count(*)::int from graphile_worker.jobs where attempts >= max_attempts) as dead`),
  );
  const { webhooks = null, dead = null } = rows[0] ?? {};
  return [
    ...Object.entries(told).map(([sign, { factor, ...gauge }]): Gauge => {
      const value = signs.get(sign as VitalSign["name"]);
      return { ...gauge, value: value === undefined ? null : value * factor };
    }),
    {
      name: "charlie.webhooks.failing",
      unit: "",
      description: "Events from Stripe that could not be worked on yet",
      value: webhooks,
    },
    { name: "charlie.jobs.dead", unit: "", description: "Jobs that were given up", value: dead },
  ];
}
