import type { PlanId } from "@charlie/contract";
import { eq } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { subscriptions } from "../../db/schema/billing.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { AppError } from "../../errors.ts";
import { enqueue } from "../../jobs/queue.ts";
import { fitToPlan } from "../plans/index.ts";
import { audit } from "../workspaces/index.ts";
import { derivePlan, type Derived } from "./derive-plan.ts";
import { endSurplus } from "./end-surplus.ts";
import { fetchSubscriptions, renewalCents, type FetchedSubscription } from "./fetch-subscriptions.ts";
import { withBillingLock } from "./lock.ts";
import { mailChanges, type Before } from "./mail-changes.ts";
import { mrrMicros, recordMoves } from "./mrr.ts";
import { recordOnce } from "./record-once.ts";
import { stripeSync, type BillingServices } from "./services.ts";

/** Only prices that are none of the catalogue's, so what was bought cannot be told. The plan stays as it was. */
export class UnknownPrice extends AppError {
  constructor(unknown: readonly FetchedSubscription[]) {
    super(
      503,
      "price_unknown",
      "We cannot tell yet which plan belongs to your payment. Nothing is lost, your plan stays as it is, and we have been told to look into it.",
    );
    const named = unknown.map(({ id, priceId }) => `${id} is for the price ${priceId}`).join(", ");
    this.cause = new Error(`not in the plan catalogue: ${named}`);
  }
}

/** Thrown instead of ending a plan where that was not allowed. */
export class PlanWouldEnd extends Error {
  override name = "PlanWouldEnd";
}

/** What made us ask Stripe; it stands in the audit log beside what changed. */
export type SyncCause = "event" | "page" | "checkout" | "grace" | "reconciliation";

type Row = typeof subscriptions.$inferSelect;
type Facts = Omit<Row, "workspaceId" | "createdAt" | "updatedAt">;

/** What is remembered of the subscription that stands for the workspace. */
async function factsOf(
  services: BillingServices,
  { subscription }: Derived<FetchedSubscription>,
  known: Row | null,
): Promise<Facts | null> {
  if (!subscription) return null;
  const running = ["active", "trialing", "past_due"].includes(subscription.status);
  const renewal = running ? await renewalCents(services.stripe, subscription, await services.catalogue()) : null;
  return {
    stripeSubscriptionId: subscription.id,
    status: subscription.status,
    plan: subscription.plan ?? "free",
    priceId: subscription.priceId,
    billingInterval: subscription.interval,
    currentPeriodStart: subscription.periodStart,
    currentPeriodEnd: subscription.periodEnd,
    cancelAt: running ? subscription.stripe.cancelAt : null,
    pastDueSince: subscription.pastDueSince,
    renewalCents: renewal,
    mrrMicros: mrrMicros(subscription, renewal, known),
    openCents: subscription.open?.openCents ?? null,
    openInvoiceUrl: subscription.open?.url ?? null,
  };
}

const nothingAhead = {
  cancelAt: null,
  pastDueSince: null,
  renewalCents: null,
  mrrMicros: 0,
  openCents: null,
  openInvoiceUrl: null,
} satisfies Partial<Facts>;

/** Nothing left in Stripe of a subscription we knew: the customer was deleted there. */
const nothingLeft = { status: "canceled", ...nothingAhead } satisfies Partial<Facts>;

const plain = (value: unknown) => (value instanceof Date ? value.toISOString() : (value ?? null));

/** The entries of `after` that differ from `before`, each with both values. */
function differences(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(after)
      .map((key) => [key, { from: plain(before[key]), to: plain(after[key]) }] as const)
      .filter(([, { from, to }]) => from !== to),
  );
}

/** How a workspace stands with us; only who holds the billing lock changes it. */
async function load(tx: Tx, workspaceId: string): Promise<Before | undefined> {
  const [found] = await tx
    .select({ workspace: workspaces, known: subscriptions })
    .from(workspaces)
    .leftJoin(subscriptions, eq(subscriptions.workspaceId, workspaces.id))
    .where(eq(workspaces.id, workspaceId));
  return found;
}

/** Writes what changed, with its audit row. Returns whether anything did. */
async function write(
  tx: Tx,
  { workspace, known }: Before,
  { plan, facts, cause, now }: { plan: PlanId; facts: Facts | null; cause: SyncCause; now: Date },
): Promise<boolean> {
  const workspaceId = workspace.id;
  const updatedAt = new Date();
  const row: Partial<Facts> | null = facts ?? (known ? nothingLeft : null);
  const paying = facts !== null && plan !== "free";
  const own = {
    plan,
    periodStart: paying ? facts.currentPeriodStart : null,
    periodEnd: paying ? facts.currentPeriodEnd : null,
  };
  const changes = differences({ ...known, workspacePlan: workspace.plan }, { ...row, workspacePlan: plan });
  const moved = Object.keys(differences(workspace, own)).length > 0;
  if (Object.keys(changes).length === 0 && !moved) return false;
  if (facts) {
    await tx
      .insert(subscriptions)
      .values({ workspaceId, ...facts })
      .onConflictDoUpdate({ target: subscriptions.workspaceId, set: { ...facts, updatedAt } });
  } else if (row) {
    await tx
      .update(subscriptions)
      .set({ ...row, updatedAt })
      .where(eq(subscriptions.workspaceId, workspaceId));
  }
  await tx
    .update(workspaces)
    .set({ ...own, updatedAt })
    .where(eq(workspaces.id, workspaceId));
  const after = facts ?? (known && { ...known, ...nothingLeft });
  if (after) await recordMoves(tx, workspaceId, { before: known, after, at: now });
  const subject = facts?.stripeSubscriptionId ?? null;
  await audit(tx, { actor: stripeSync, workspaceId }, "billing.synced", subject, { cause, ...changes });
  return true;
}

/** `syncSubscription` for a caller that holds the billing lock. */
export async function syncLocked(
  services: BillingServices,
  tx: Tx,
  workspaceId: string,
  cause: SyncCause,
  mayEnd = true,
): Promise<boolean> {
  const before = await load(tx, workspaceId);
  const customer = before?.workspace.stripeCustomerId;
  if (!before || !customer) return false;
  const fetched = await fetchSubscriptions(services.stripe, customer, await services.catalogue());
  const derived = derivePlan(fetched, services.now(), services.graceDays);
  for (const { id, priceId } of derived.unknown) {
    await recordOnce(services, workspaceId, "billing.price_unknown", priceId, { subscription: id, price: priceId });
  }
  if (derived.plan === null) throw new UnknownPrice(derived.unknown);
  if (!mayEnd && derived.plan === "free" && before.workspace.plan !== "free") throw new PlanWouldEnd();
  for (const surplus of derived.surplus) {
    await endSurplus(services, workspaceId, surplus, derived.subscription?.id ?? "");
  }
  const facts = await factsOf(services, derived, before.known);
  const changed = await write(tx, before, { plan: derived.plan, facts, cause, now: services.now() });
  // In the same transaction: nobody sees the plan without what it freezes or thaws.
  const frozen =
    before.workspace.plan === derived.plan
      ? null
      : await fitToPlan(tx, { actor: stripeSync, workspaceId }, derived.plan);
  if (changed) await mailChanges(services, tx, before, derived, frozen);
  const graceLeft = (derived.graceEndsAt?.getTime() ?? 0) - services.now().getTime();
  if (graceLeft > 0) {
    // The plan has to fall at the end of the grace even if no event ever comes.
    await enqueue(
      tx,
      "billing-grace",
      { workspaceId },
      { key: `grace:${workspaceId}`, runAt: new Date(Date.now() + graceLeft) },
    );
  }
  return changed;
}

/**
 * Brings a workspace's plan and subscription to what Stripe has now. The one way in for webhooks, the page after
 * payment, timers and the operator: what they carry is a hint, what Stripe answers is the truth, so order, doubles and
 * losses of events cannot matter (money.md, section 4). Returns whether anything changed. Throws `UnknownPrice`,
 * `UnknownCustomer`, `PlanWouldEnd` where a plan is over and `mayEnd` is false, or what Stripe or PostgreSQL throw; then
 * nothing is changed.
 */
export const syncSubscription = (
  services: BillingServices,
  workspaceId: string,
  cause: SyncCause,
  mayEnd = true,
): Promise<boolean> =>
  withBillingLock(services, workspaceId, (tx) => syncLocked(services, tx, workspaceId, cause, mayEnd));
