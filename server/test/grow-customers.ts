import type { Pool } from "pg";

/** How many people there are, each with a workspace of their own. */
export const people = 20_000;

/** Of a table's columns, what each row has; `n` counts from 1, `p` is a person: n, at, workspace, usr, customer. */
const rows: readonly [into: string, select: string][] = [
  [
    "users (id, name, email, email_verified, created_at)",
    "usr, 'Pat Person' || n, 'pat.' || n || '@mail.example', true, at from p",
  ],
  [
    "workspaces (id, name, plan, stripe_customer_id, created_at)",
    "workspace, 'Pat’s workspace', case when n % 80 = 0 then 'pro' else 'free' end, customer, at from p",
  ],
  ["members (workspace_id, user_id, role, created_at)", "workspace, usr, 'owner', at from p"],
  ["accounts (id, user_id, account_id, provider_id)", "v7(at, n), usr, usr, 'credential' from p"],
  [
    "sessions (id, user_id, token, expires_at)",
    "v7(at, n), usr, 'token-' || n, now() + (n % 720 - 5) * interval '1 hour' from p",
  ],
  [
    "verifications (id, identifier, value, expires_at)",
    "v7(at, n), 'reset-password:' || n, usr, now() + (n % 720 - 5) * interval '1 minute' from p",
  ],
  ["clerk_users (clerk_id, told_at)", "'user_' || n, at from p"],
  ["clerk_ended_sessions (session_id, ended_at)", "'sess_' || n, now() - (n % 720) * interval '1 hour' from p"],
  ["projects (id, workspace_id, name)", "workspace, workspace, 'P' from p"],
  ["agents (id, workspace_id, project_id, name, flow)", "workspace, workspace, workspace, 'Charlie', '{}' from p"],
  ["ai_keys (workspace_id, provider, ciphertext, last_four)", "workspace, 'openai', 'secret', '1234' from p"],
  [
    "idempotency_keys (workspace_id, key, request_hash, status, created_at)",
    "workspace, 'once', 'hash', 200, now() - (n % 167) * interval '1 hour' from p",
  ],
  [
    "decisions (id, workspace_id, limit_name, plan, used, allowed, actor_id, status, asked, detail, helps, created_at)",
    `v7(now() - n * interval '6 minutes', n), workspace, 'messagesPerDay', 'free', 50, 50, usr, 402, 'One more', 'No more', '{}',
     now() - n * interval '6 minutes' from p`,
  ],
  [
    "mails (id, dedupe_key, recipient, subject, text, html, created_at)",
    `v7(now() - n * interval '20 seconds', n), 'confirm:' || n, 'pat.' || n || '@mail.example', 'Hello', 'Hello', 'Hello',
     now() - n * interval '20 seconds' from p`,
  ],
  ["retired_messages (workspace_id, month, answers)", "workspace, '2020-01-01', 0 from p where n % 10 = 0"],
  [
    "audit_log (id, workspace_id, actor_type, actor_id, action, created_at)",
    `v7(at, n * 4 + k), workspace, 'user', usr, (array['workspace.created', 'agent.created'])[k + 1], at
     from p, generate_series(0, 1) k`,
  ],
  [
    "audit_log (id, workspace_id, actor_type, actor_id, action, data, created_at)",
    "v7(at, 1000000 + n * 100 + k), workspace, 'system', 'billing', 'billing.synced', '{}', at from p, generate_series(1, 12) k where customer is not null",
  ],
  // Of those who paid once most are not known to Stripe any more; of those who are, half pay now.
  [
    `subscriptions (workspace_id, stripe_subscription_id, status, plan, price_id, billing_interval, current_period_start,
      current_period_end, mrr_micros, past_due_since, cancel_at)`,
    `workspace, 'sub_' || n, case when n % 80 = 0 then 'active' else 'canceled' end, 'pro', 'price_1', 'month', now(), now(),
     case when n % 80 = 0 then 29000000 else 0 end, case when n % 800 = 0 then now() end, case when n % 800 = 80 then now() end
     from p where n % 5 = 0`,
  ],
  [
    "revenue_changes (id, workspace_id, kind, amount_micros, at)",
    "v7(at, n * 100 + k), workspace, 'new', 1, at - k * interval '8 months' from p, generate_series(0, 9) k where customer is not null",
  ],
  [
    "billing_events (id, stripe_event_id, type, stripe_customer_id, payload, received_at, processed_at, error)",
    `v7(at, n * 100 + k), 'evt_' || n || '_' || k, 'type.' || k, customer, '{}', at,
     case when k = 1 and n % 800 = 0 then null else at end, case when k = 1 and n % 800 = 0 then 'why' end
     from p, generate_series(1, 24) k where customer is not null`,
  ],
  [
    "billing_differences (id, workspace_id, kind, found_at, repaired_at)",
    `v7(at, n * 100 + k), workspace, 'state', at, case when k = 1 and n % 800 = 0 then null else at end
     from p, generate_series(1, 4) k where customer is not null`,
  ],
  [
    "reconciliations (id, started_at, finished_at)",
    "v7(now() - n * interval '1 hour', n), now() - n * interval '1 hour', now() from p where n <= 9000",
  ],
  [
    "operations (id, name, ok, started_at, ended_at)",
    `v7(now() - n * interval '6 hours', n), (array['backup', 'certificate', 'restore_check', 'doctor'])[1 + n % 4], n % 9 > 0,
     now() - n * interval '6 hours', now() - n * interval '6 hours' from p where n <= 1600`,
  ],
  [
    `usage_periods (workspace_id, stripe_item_id, stripe_price_id, stripe_subscription_id, stripe_customer_id, period_start,
      period_end, settled_at, invoiced_micros)`,
    `workspace, 'si_' || n, 'price_2', 'sub_' || n, customer, now() - k * interval '1 month', now() - (k - 1) * interval '1 month',
     case when k > 1 or n % 160 > 0 then now() end, case when k > 1 or n % 160 > 0 then 0 end
     from p, generate_series(1, 12) k where customer is not null`,
  ],
  [
    "usage_reports (id, workspace_id, stripe_item_id, period_start, identifier, micros, reported_for, accepted_at)",
    `v7(at, n * 100 + k), workspace, 'si_' || n, now() - k * interval '1 month', n || ':' || k, 0, at, at
     from p, generate_series(1, 12) k where customer is not null`,
  ],
];

/**
 * Fills every table that grows with people, payments and what Stripe sends: `people` people with a workspace each, every
 * fifth of whom paid once. Five of the workspaces that `grow` made have usage to pass on. Takes a superuser, as `grow`.
 */
export async function growCustomers(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("set local session_replication_role = replica; set local synchronous_commit = off");
    await client.query(`create function v7(at timestamptz, n bigint) returns uuid language sql immutable as $$
      select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70009000' || lpad(to_hex(n), 12, '0'))::uuid $$`);
    await client.query(
      `create temporary table p on commit drop as
       select n, at, v7(at, n * 2) as workspace, v7(at, n * 2 + 1) as usr, case when n % 40 = 0 then 'cus_' || n end as customer
       from (select n, now() - ($1 - n) * interval '11 minutes' as at from generate_series(1, $1::int) n) each`,
      [people],
    );
    for (const [into, select] of rows) await client.query(`insert into ${into} select ${select}`);
    await client.query(`create temporary table passing on commit drop as
      select id from workspaces where name = 'W' order by id limit 5`);
    await client.query("update usage_events set passed_on = true where workspace_id in (select id from passing)");
    await client.query(
      "update usage_daily set passed_on_micros = cost_micros where workspace_id in (select id from passing)",
    );
    await client.query("update workspaces set stripe_customer_id = 'cus_' || id where id in (select id from passing)");
    await client.query(`insert into subscriptions (workspace_id, stripe_subscription_id, status, plan, price_id, billing_interval,
        current_period_start, current_period_end, mrr_micros)
      select id, 'sub_' || id, 'active', 'pro', 'price_1', 'month', now(), now(), 29000000 from passing`);
    await client.query("drop function v7");
    await client.query("commit");
    await client.query("vacuum analyze");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
