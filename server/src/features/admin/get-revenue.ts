import type { BillingInterval, PlanId, Revenue, RevenueKind, RevenueMonth } from "@charlie/contract";
import { sql } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";

interface Live {
  plan: PlanId;
  interval: BillingInterval;
  payers: number;
  micros: number;
  duePayers: number;
  dueMicros: number;
  endingPayers: number;
  endingMicros: number;
}

/** What counts now. It reads the index of running plans only. */
const liveSql = `
select plan, billing_interval as interval, count(*)::int as payers, sum(mrr_micros)::bigint as micros,
  (count(*) filter (where status = 'past_due'))::int as "duePayers",
  coalesce(sum(mrr_micros) filter (where status = 'past_due'), 0)::bigint as "dueMicros",
  (count(*) filter (where cancel_at is not null))::int as "endingPayers",
  coalesce(sum(mrr_micros) filter (where cancel_at is not null), 0)::bigint as "endingMicros"
from subscriptions where mrr_micros > 0 group by 1, 2 order by 1, 2`;

interface Moved {
  month: string;
  kind: RevenueKind;
  micros: number;
}

/** How it moved since $1, by UTC month. */
const movedSql = `
select to_char(at at time zone 'UTC', 'YYYY-MM') as month, kind, sum(amount_micros)::bigint as micros
from revenue_changes where at >= $1 group by 1, 2`;

const monthOf = (at: Date): string => at.toISOString().slice(0, 7);

/** The first moments of the last `count` UTC months, newest first. */
const monthsBack = (now: Date, count: number): Date[] =>
  Array.from({ length: count }, (_, back) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)));

const total = <T>(rows: readonly T[], valueOf: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + valueOf(row), 0);

/** From what there is now, month by month back to where it came from: all of it read at one moment. */
function bridge(end: number, months: readonly Date[], moved: readonly Moved[]): RevenueMonth[] {
  let endMicros = end;
  return months.map((start) => {
    const month = monthOf(start);
    const sum = (kind: RevenueKind) =>
      total(
        moved.filter((row) => row.month === month && row.kind === kind),
        ({ micros }) => micros,
      );
    const moves = {
      newMicros: sum("new"),
      expansionMicros: sum("expansion"),
      contractionMicros: sum("contraction"),
      churnMicros: sum("churn"),
    };
    const startMicros =
      endMicros - moves.newMicros - moves.expansionMicros + moves.contractionMicros + moves.churnMicros;
    const row = {
      month,
      startMicros,
      ...moves,
      endMicros,
      failedMicros: sum("failed"),
      recoveredMicros: sum("recovered"),
    };
    endMicros = startMicros;
    return row;
  });
}

/** Monthly recurring revenue now, and how it came about in the last `months` UTC months of Stripe's time. */
export async function getRevenue(
  ctx: OperatorCtx,
  { months: count }: { months: number },
  { now: stripesTime }: { now: () => Date },
): Promise<Revenue> {
  const now = stripesTime();
  const months = monthsBack(now, count);
  const { live, moved } = await asOperator(ctx.db, async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read read only`);
    return {
      live: (await tx.$client.query<Live>(liveSql)).rows,
      moved: (await tx.$client.query<Moved>(movedSql, [months.at(-1)])).rows,
    };
  });
  const mrrMicros = total(live, ({ micros }) => micros);
  return {
    now: now.toISOString(),
    mrrMicros,
    payers: total(live, ({ payers }) => payers),
    pastDueMicros: total(live, ({ dueMicros }) => dueMicros),
    pastDuePayers: total(live, ({ duePayers }) => duePayers),
    endingMicros: total(live, ({ endingMicros }) => endingMicros),
    endingPayers: total(live, ({ endingPayers }) => endingPayers),
    plans: live.map(({ plan, interval, payers, micros }) => ({ plan, interval, payers, mrrMicros: micros })),
    months: bridge(mrrMicros, months, moved).toReversed(),
  };
}
