import { asOperator, type Tx } from "../../db/client.ts";
import type { BillingServices } from "./services.ts";

/** A workspace's AI usage on its way from the ledger to the invoice, in micro-dollars. */
export interface UsageReportView {
  workspaceId: string;
  /** The ledger: what is to be passed on. */
  recordedMicros: number;
  /** The last totals that were told to Stripe. A period that is invoiced counts by its invoice, here and below. */
  reportedMicros: number;
  /** What Stripe's own summaries say that it has. */
  acceptedMicros: number;
  /** What final invoices charge for. */
  invoicedMicros: number;
  /** The same in whole cents: Stripe rounds each line once, halves up. */
  invoicedCents: number;
  /** Accepted, in periods whose invoice is not due yet. */
  pendingMicros: number;
  /** What each step lacks of the one before; all 0 when everything has arrived. */
  differences: { reported: number; accepted: number; invoiced: number };
  /** When a total was last accepted, and the error of a report that still waits. */
  lastReportedAt: Date | null;
  error: string | null;
  /** The end of the period that runs, when its usage comes onto an invoice. */
  periodEnd: Date | null;
}

type Row = Omit<UsageReportView, "differences">;

// $1 now: a period that ended more than two hours before should have its invoice by then. Sums are of bigint, so numeric.
const viewSql = `
with ledger as (
  select workspace_id, sum(passed_on_micros) as micros from usage_daily where passed_on_micros > 0 group by 1
), periods as (
  select p.*, coalesce(r.micros, 0) as reported, r.error
  from usage_periods p
  left join lateral (
    select micros, case when accepted_at is null then error end as error from usage_reports r
    where r.workspace_id = p.workspace_id and r.stripe_item_id = p.stripe_item_id and r.period_start = p.period_start
    order by reported_for desc limit 1
  ) r on true
), sums as (
  select workspace_id,
    sum(coalesce(invoiced_micros, reported)) as reported,
    sum(coalesce(invoiced_micros, accepted_micros)) as accepted,
    sum(coalesce(invoiced_micros, 0)) as invoiced,
    sum(coalesce(invoiced_cents, 0)) as cents,
    sum(accepted_micros) filter (where settled_at is null and period_end > $1::timestamptz - interval '2 hours') as pending,
    max(error) filter (where settled_at is null) as error,
    max(period_end) filter (where settled_at is null and period_end > $1::timestamptz) as period_end
  from periods group by 1
)
select w.id as "workspaceId", coalesce(l.micros, 0)::bigint as "recordedMicros",
  coalesce(s.reported, 0)::bigint as "reportedMicros", coalesce(s.accepted, 0)::bigint as "acceptedMicros",
  coalesce(s.invoiced, 0)::bigint as "invoicedMicros", coalesce(s.cents, 0)::bigint as "invoicedCents",
  coalesce(s.pending, 0)::bigint as "pendingMicros", s.error, s.period_end as "periodEnd",
  (select max(accepted_at) from usage_reports r where r.workspace_id = w.id) as "lastReportedAt"
from workspaces w
left join ledger l on l.workspace_id = w.id
left join sums s on s.workspace_id = w.id
where (l.workspace_id is not null or s.workspace_id is not null) and ($2::uuid is null or w.id = $2)
order by w.id`;

const stepsOf = (row: Row): UsageReportView => ({
  ...row,
  differences: {
    reported: row.recordedMicros - row.reportedMicros,
    accepted: row.reportedMicros - row.acceptedMicros,
    invoiced: row.acceptedMicros - row.invoicedMicros - row.pendingMicros,
  },
});

/** What `tx` can see of the way to the invoice; `null` where a workspace never had anything to pass on. */
export async function usageReportOf(tx: Tx, workspaceId: string, now: Date): Promise<UsageReportView | null> {
  const { rows } = await tx.$client.query<Row>({ name: "usage-report", text: viewSql, values: [now, workspaceId] });
  return rows[0] ? stepsOf(rows[0]) : null;
}

/** Every workspace that ever had AI usage to pass on, for the operator. From our own tables: it answers while Stripe is away. */
export const allUsageReports = ({ db, now }: BillingServices): Promise<UsageReportView[]> =>
  asOperator(db, async (tx) => {
    const { rows } = await tx.$client.query<Row>({ name: "usage-report", text: viewSql, values: [now(), null] });
    return rows.map(stepsOf);
  });
