import type { CustomerGroup, EndpointOutput, listCustomers as endpoint } from "@charlie/contract";
import { and, desc, eq, gt, isNotNull, lt, sql, type SQL } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { idPlace, pageOfRows, readCursor } from "../../http/pages.ts";
import { presentCustomer, selectCustomers, type StripePages } from "./customers.ts";

const inGroup: Record<CustomerGroup, SQL | undefined> = {
  all: undefined,
  paying: gt(subscriptions.mrrMicros, 0),
  past_due: isNotNull(subscriptions.pastDueSince),
  ending: isNotNull(subscriptions.cancelAt),
  free: eq(workspaces.plan, "free"),
};

/** Words of which each has to begin one of a name or an address. PostgreSQL makes capitals small, here as in its index. */
function queryOf(search: string): string {
  const words = search.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => `'${word}':*`).join(" & ");
}

/** Workspaces that have these words in their name, or people that have. The two indexes of words are what it reads. */
const found = (search: string): SQL => sql`${workspaces.id} in (
  select w.id from workspaces w where to_tsvector('simple', w.name) @@ to_tsquery('simple', ${queryOf(search)})
  union select m.workspace_id from users u join members m on m.user_id = u.id
  where to_tsvector('simple', u.name || ' ' || translate(u.email, '@.-_+', '     ')) @@ to_tsquery('simple', ${queryOf(search)}))`;

/** Workspaces, newest first, of a group and with these words. */
export async function listCustomers(
  ctx: OperatorCtx,
  input: { limit: number; cursor?: string | undefined; group: CustomerGroup; search?: string | undefined },
  stripe: StripePages,
): Promise<EndpointOutput<typeof endpoint>> {
  const { limit, cursor, group, search } = input;
  const [before] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  const rows = await asOperator(ctx.db, (tx) =>
    selectCustomers(tx)
      .where(
        and(
          inGroup[group],
          search === undefined ? undefined : found(search),
          before === undefined ? undefined : lt(workspaces.id, before),
        ),
      )
      .orderBy(desc(workspaces.id))
      .limit(limit + 1),
  );
  return pageOfRows(
    rows,
    limit,
    (row) => presentCustomer(row, stripe),
    ({ workspace }) => [workspace.id],
  );
}
