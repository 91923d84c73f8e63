import { randomUUIDv7 } from "node:crypto";
import { normaliseEvent } from "../../integrations/stripe/index.ts";
import type { BillingServices } from "./services.ts";

/** An event that Stripe could not deliver, of a customer of ours: $1 id, $2 customer, $3 data. */
const lostEventSql = `
insert into billing_differences (id, workspace_id, kind, data, repaired_at)
select $1, id, 'event', $3, now() from workspaces where stripe_customer_id = $2`;

/** Writes down that an event was taken in that Stripe could not deliver. */
export async function recordLostEvent({ db }: BillingServices, event: unknown): Promise<void> {
  const { id, type, customerId } = normaliseEvent(event);
  const values = [randomUUIDv7(), customerId, JSON.stringify({ event: id, type })];
  await db.operator.query({ name: "lost-event", text: lostEventSql, values });
}

/**
 * $1 id, $2 workspace. What differed stands in the audit row that the repair wrote a moment ago. Where an earlier
 * comparison could not repair it, that difference is repaired now.
 */
const repairedSql = `
with open as (
  update billing_differences set repaired_at = now(), last_seen_at = now(), data = written.data, error = null
  from (select coalesce((select data - 'cause' from audit_log
    where workspace_id = $2 and action = 'billing.synced' and data->>'cause' = 'reconciliation'
    order by id desc limit 1), '{}') as data) written
  where workspace_id = $2 and repaired_at is null
  returning billing_differences.id
)
insert into billing_differences (id, workspace_id, kind, data, repaired_at)
select $1, $2, 'state', coalesce((select data - 'cause' from audit_log
    where workspace_id = $2 and action = 'billing.synced' and data->>'cause' = 'reconciliation'
    order by id desc limit 1), '{}'), now()
where not exists (select from open)`;

/** Writes down that a workspace's state differed from Stripe's and was put right. */
export async function recordRepaired({ db }: BillingServices, workspaceId: string): Promise<void> {
  await db.operator.query({ name: "difference-repaired", text: repairedSql, values: [randomUUIDv7(), workspaceId] });
}

/** Nothing differs any more where an earlier comparison had failed: $1 workspace. */
const goneSql = `
update billing_differences set repaired_at = now() where workspace_id = $1 and repaired_at is null`;

/** Closes what an earlier comparison could not repair. */
export async function recordAgreed({ db }: BillingServices, workspaceId: string): Promise<void> {
  await db.operator.query({ name: "difference-gone", text: goneSql, values: [workspaceId] });
}

/** $1 id, $2 workspace, $3 why. */
const failedSql = `
insert into billing_differences (id, workspace_id, kind, error) values ($1, $2, 'state', $3)
on conflict (workspace_id) where repaired_at is null do update set last_seen_at = now(), error = excluded.error`;

/** Writes down that a workspace could not be compared, or not be repaired; once, until it goes well. */
export async function recordFailed({ db }: BillingServices, workspaceId: string, why: string): Promise<void> {
  const values = [randomUUIDv7(), workspaceId, why];
  await db.operator.query({ name: "difference-failed", text: failedSql, values });
}
