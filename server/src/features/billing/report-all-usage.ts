import { asOperator } from "../../db/client.ts";
import { enqueue } from "../../jobs/queue.ts";
import { usageKey } from "./report-usage.ts";
import type { BillingServices } from "./services.ts";

const waiting = `
select w.id
from workspaces w
where w.stripe_customer_id is not null and (
  exists (select from usage_periods p where p.workspace_id = w.id and p.settled_at is null)
  or (select coalesce(sum(d.passed_on_micros), 0) from usage_daily d where d.workspace_id = w.id and d.passed_on_micros > 0)
    <> (select coalesce(sum(p.invoiced_micros), 0) from usage_periods p where p.workspace_id = w.id))`;

/** Gives each workspace whose AI usage is not all invoiced a job of its own, so that one that fails is tried again by itself. */
export const reportAllUsage = ({ db }: BillingServices): Promise<void> =>
  asOperator(db, async (tx) => {
    const { rows } = await tx.$client.query<{ id: string }>(waiting);
    for (const { id } of rows) await enqueue(tx, "billing-usage", { workspaceId: id }, { key: usageKey(id) });
  });
