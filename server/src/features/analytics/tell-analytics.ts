import { sql } from "drizzle-orm";
import { z } from "zod";
import { asOperator, type Database } from "../../db/client.ts";
import { sendEvents, type AnalyticsEvent } from "../../integrations/posthog/index.ts";
import type { Jobs } from "../../jobs/queue.ts";

export interface AnalyticsServices {
  db: Database;
  /** `null` where nobody counts. */
  posthog: { key: string; host: string | undefined } | null;
}

/** What graphile-worker gives a job of the timetable: the minute it was due. */
const payload = z.object({ _cron: z.object({ ts: z.coerce.date() }) }).transform(({ _cron: { ts } }) => ts);

/** An event is told so long after its row was made that the transaction which made it has ended, in minutes. */
const settled = 2;
/** An answer's id is made when it is asked for, and its row when it has ended: at most so many minutes later. */
const answered = 12;

/**
 * What happened in one minute, to people who said yes before: read from rows that are kept anyway, by their keys, so that
 * requests have nothing to do with it. Only that it happened is read: no name, no text, no amount. Who signed up can say
 * yes only afterwards; within an hour that counts for the sign-up too.
 */
async function eventsOf(db: Database, minute: Date): Promise<AnalyticsEvent[]> {
  const within = (column: ReturnType<typeof sql.raw>, minutes: number) => {
    const start = new Date(minute.getTime() - minutes * 60_000).toISOString();
    const end = new Date(minute.getTime() - (minutes - 1) * 60_000).toISOString();
    return sql`${column} >= first_id(${start}::timestamptz) and ${column} < first_id(${end}::timestamptz)`;
  };
  const { rows } = await asOperator(db, (tx) =>
    tx.execute<{ id: string; event: string; userId: string; at: string }>(sql`
      with happened as (
        select id, workspace_id, created_at, case action
            when 'workspace.created' then 'signed up' when 'agent.created' then 'agent taught'
            when 'billing.checkout_started' then 'checkout begun' else 'paid' end as event
        from audit_log
        where ${within(sql.raw("id"), settled)} and (
          action in ('workspace.created', 'agent.created', 'billing.checkout_started')
          or (action = 'billing.synced' and data -> 'workspacePlan' ->> 'from' = 'free'))
        union all
        select id, workspace_id, created_at, 'limit met' from decisions
        where ${within(sql.raw("id"), settled)} and status = 402
        union all
        select message_id, workspace_id, created_at, 'first answer' from usage_events e
        where ${within(sql.raw("message_id"), answered)} and not given_back and not exists (
          select from usage_events earlier where earlier.workspace_id = e.workspace_id
            and earlier.message_id < e.message_id and not earlier.given_back)
      )
      select h.id, h.event, u.id as "userId", h.created_at::text as at
      from happened h
      join members m on m.workspace_id = h.workspace_id and m.role = 'owner'
      join users u on u.id = m.user_id
      where u.analytics_consent and (u.analytics_decided_at <= h.created_at
        or (h.event = 'signed up' and u.analytics_decided_at < h.created_at + interval '1 hour'))`),
  );
  return rows.map(({ id, event, userId, at }) => ({ uuid: id, event, distinctId: userId, at: new Date(at) }));
}

/**
 * Every minute: tells PostHog what people did who said yes. A minute that could not be told is told later; so are those in
 * which no worker ran, up to six hours. Without PostHog there is no such job.
 */
export const analyticsJobs = ({ db, posthog }: AnalyticsServices): Jobs =>
  posthog === null
    ? { tasks: {}, crontab: "" }
    : {
        tasks: {
          "tell-analytics": async (input) => {
            const events = await eventsOf(db, payload.parse(input));
            if (events.length > 0) await sendEvents(posthog, events);
          },
        },
        crontab: "* * * * * tell-analytics ?fill=6h",
      };
