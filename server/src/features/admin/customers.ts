import type { Customer } from "@charlie/contract";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { users } from "../../db/schema/identity.ts";
import { members, workspaces } from "../../db/schema/workspaces.ts";

/** Makes a link to a customer's page in Stripe. */
export interface StripePages {
  customerUrl: (customer: string) => string;
}

/** These workspaces, newest first, with what they pay and who owns them. */
export function selectCustomers(tx: Tx, ids: readonly string[]) {
  const owner = tx
    .select({ name: users.name, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.workspaceId, workspaces.id), eq(members.role, "owner")))
    .orderBy(members.createdAt, members.userId)
    .limit(1)
    .as("owner");
  return (
    tx
      .select({
        workspace: workspaces,
        known: subscriptions,
        owner: { name: owner.name, email: owner.email },
      })
      .from(workspaces)
      // Here as well, or PostgreSQL would rather read all subscriptions to find some.
      .leftJoin(
        subscriptions,
        and(eq(subscriptions.workspaceId, workspaces.id), inArray(subscriptions.workspaceId, [...ids])),
      )
      .leftJoinLateral(owner, sql`true`)
      .where(inArray(workspaces.id, [...ids]))
      .orderBy(desc(workspaces.id))
  );
}

export type CustomerRow = Awaited<ReturnType<typeof selectCustomers>>[number];

/** A customer as the operator sees it. */
export function presentCustomer({ workspace, known, owner }: CustomerRow, { customerUrl }: StripePages): Customer {
  const { stripeCustomerId } = workspace;
  const renews = known && !known.cancelAt && ["active", "trialing", "past_due"].includes(known.status);
  return {
    id: workspace.id,
    name: workspace.name,
    owner,
    createdAt: workspace.createdAt.toISOString(),
    plan: workspace.plan,
    status: known?.status ?? "none",
    interval: known?.billingInterval ?? null,
    payingSince: known?.createdAt.toISOString() ?? null,
    mrrMicros: known?.mrrMicros ?? 0,
    renewsAt: renews ? known.currentPeriodEnd.toISOString() : null,
    renewalCents: renews ? known.renewalCents : null,
    cancelAt: known?.cancelAt?.toISOString() ?? null,
    pastDue: known?.pastDueSince ? { since: known.pastDueSince.toISOString(), openCents: known.openCents } : null,
    stripeCustomerId,
    stripeUrl: stripeCustomerId === null ? null : customerUrl(stripeCustomerId),
  };
}
