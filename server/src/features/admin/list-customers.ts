import type { CustomerGroup, EndpointOutput, listCustomers as endpoint } from "@charlie/contract";
import { sql, type SQL } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator, type Tx } from "../../db/client.ts";
import { cursorOf, idPlace, readCursor } from "../../http/pages.ts";
import { presentCustomer, selectCustomers, type StripePages } from "./customers.ts";
import { byWords } from "./search-customers.ts";

/** Who is in a group. Each has an index with the ids in order. */
const groups: Record<CustomerGroup, SQL> = {
  all: sql`select id from workspaces`,
  // Nothing else counts: billing/mrr.ts.
  paying: sql`select workspace_id as id from subscriptions
    where status in ('active', 'trialing', 'past_due') and mrr_micros > 0`,
  past_due: sql`select workspace_id as id from subscriptions where past_due_since is not null`,
  ending: sql`select workspace_id as id from subscriptions where cancel_at is not null`,
  free: sql`select id from workspaces where plan = 'free'`,
};

interface Input {
  limit: number;
  cursor?: string | undefined;
  group: CustomerGroup;
  search?: string | undefined;
}

/** Who is on the page, and after whom the next one begins. */
async function pageOf(
  tx: Tx,
  { limit, cursor, group, search }: Input,
): Promise<{ ids: string[]; next: string | null }> {
  const [before] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  const older = before === undefined ? sql`true` : sql`id < ${before}`;
  const all = sql`select id from (${groups[group]}) each where ${older}`;
  const newestFirst = sql`order by id desc`;
  const narrowed = search === undefined ? null : await byWords(tx, search, sql`${all} ${newestFirst}`);
  const { rows } = await tx.execute<{ id: string }>(
    sql`${all} and ${narrowed?.where ?? sql`true`} ${newestFirst} limit ${limit + 1}`,
  );
  const ids = rows.slice(0, limit).map(({ id }) => id);
  return { ids, next: (rows.length > limit ? ids.at(-1) : narrowed?.edge) ?? null };
}

/** Workspaces, newest first, of a group and with these words. Work is bounded by the page, also where many have them. */
export async function listCustomers(
  ctx: OperatorCtx,
  input: Input,
  stripe: StripePages,
): Promise<EndpointOutput<typeof endpoint>> {
  return asOperator(ctx.db, async (tx) => {
    const { ids, next } = await pageOf(tx, input);
    const rows = await selectCustomers(tx, ids);
    return {
      items: rows.map((row) => presentCustomer(row, stripe)),
      nextCursor: next === null ? null : cursorOf(next),
    };
  });
}
