import { asOperator } from "../../db/client.ts";
import { enqueue } from "../../jobs/queue.ts";
import { usageKey } from "./report-usage.ts";
import type { BillingServices } from "./services.ts";

// Whose usage is on its way, and of all others with a plan that runs, whose is not all invoiced: without one there is
// nobody to tell it to. Periods are read only of those who ever had any usage.
const waiting = `
with open as (
  select distinct workspace_id from usage_periods where settled_at is null
), others as materialized (
  select s.workspace_id from subscriptions s where s.status in ('active', 'trialing', 'past_due')
    and not exists (select from open o where o.workspace_id = s.workspace_id)
), used as materialized (
  select o.workspace_id, d.micros from others o, lateral (
    select sum(passed_on_micros) as micros from usage_daily d
    where d.workspace_id = o.workspace_id and d.passed_on_micros > 0 having sum(passed_on_micros) > 0
  ) d
)
select workspace_id as id from open
union all
select u.workspace_id from used u
where u.micros <> (select coalesce(sum(p.invoiced_micros), 0) from usage_periods p where p.workspace_id = u.workspace_id)`;

/** Gives each workspace whose AI usage is not all invoiced a job of its own, so that one that fails is tried again by itself. */
export const reportAllUsage = ({ db }: BillingServices): Promise<void> =>
  asOperator(db, async (tx) => {
    const { rows } = await tx.$client.query<{ id: string }>(waiting);
    for (const { id } of rows) await enqueue(tx, "billing-usage", { workspaceId: id }, { key: usageKey(id) });
  });
