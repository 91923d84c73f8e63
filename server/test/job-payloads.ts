import type { Pool } from "pg";

/** What each job can be given that looks at no more than one workspace, or at what is due; `cus_40` is `growCustomers`'. */
export async function jobPayloads(pool: Pool, workspaceId: string): Promise<Record<string, object>> {
  const { rows } = await pool.query<{ event: string; mail: string }>(
    `select (select id from billing_events where stripe_customer_id = 'cus_40' limit 1) as event,
       (select id from mails where sent_at is null limit 1) as mail`,
  );
  const { event, mail } = rows[0] ?? {};
  const count = { workspaceId, plan: "team", used: 1, limit: 1, resetsAt: new Date() };
  return {
    housekeeping: {},
    sweep_answers: {},
    retire_messages: {},
    "limit-mail": count,
    "cap-mail": { ...count, met: true },
    "billing-event": { id: event },
    "billing-events": {},
    "billing-grace": { workspaceId },
    "billing-usage": { workspaceId },
    "billing-usage-all": {},
    "identity-deserted": { workspaceId },
    "tell-analytics": { _cron: { ts: new Date() } },
    "send-mail": { id: mail },
  };
}
