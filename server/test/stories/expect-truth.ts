import type { PlanId, RevenueKind } from "@charlie/contract";
import type { Stripe } from "stripe";
import { expect } from "vitest";
import type { Story } from "./life-stories.ts";
import type { Moment, Played } from "./play.ts";
import type { Journey, Replayed } from "./replay.ts";
import { day, type Stage } from "./stage.ts";

interface Audit {
  action: string;
  subject_id: string | null;
  data: Record<string, unknown>;
}

interface Kept {
  workspace: { plan: PlanId; period_start: string | null; period_end: string | null };
  subscription: Record<string, string | number | null> | null;
  mails: string[];
  audit: Audit[];
  moves: { kind: RevenueKind; amount_micros: number }[];
  open: number;
}

async function keptBy({ db }: Stage): Promise<Kept> {
  const { rows } = await db.operator.query<Kept>(`
    select (select row_to_json(w) from workspaces w) as workspace,
      (select row_to_json(s) from subscriptions s) as subscription,
      (select coalesce(json_agg(dedupe_key order by dedupe_key), '[]') from mails) as mails,
      (select coalesce(json_agg(a order by id), '[]') from audit_log a) as audit,
      (select coalesce(json_agg(r order by created_at, kind in ('failed', 'recovered')), '[]') from revenue_changes r) as moves,
      (select count(*) from billing_events where processed_at is null or error is not null) as open`);
  if (!rows[0]) throw new Error("no workspace");
  return rows[0];
}

const seconds = (time: unknown): number | null => (typeof time === "string" ? Date.parse(time) / 1_000 : null);

/** What Stripe's own objects say at a moment, worked out by themselves and not by the code under test. */
export interface Standing {
  plan: PlanId;
  subscription: Stripe.Subscription | null;
  pastDueSince: number | null;
  open: Stripe.Invoice | null;
}

export function standingAt({ subscriptions, invoices, truth }: Moment, { prices }: Stage): Standing {
  const alive = subscriptions.filter(({ status }) => ["active", "trialing", "past_due"].includes(status));
  // The earliest stays, where there are two.
  const subscription = alive.at(-1) ?? null;
  const none = { plan: "free", subscription, pastDueSince: null, open: null } as const;
  if (!subscription) return { ...none, subscription: subscriptions[0] ?? null };
  const price = subscription.items.data[0]?.price.id ?? "";
  const plan = Object.values(prices.pro).includes(price) ? "pro" : "team";
  if (subscription.status !== "past_due") return { ...none, plan };
  const open = invoices.findLast(({ status }) => status === "open") ?? null;
  const pastDueSince = open?.status_transitions.finalized_at ?? null;
  const isOver = (pastDueSince ?? 0) + 7 * day <= truth.now.getTime() / 1_000;
  return { plan: isOver ? "free" : plan, subscription, pastDueSince, open };
}

/** What the row has to say about the subscription that stands in Stripe. */
function expectedRow({ subscription, pastDueSince, open }: Standing) {
  const item = subscription?.items.data[0];
  if (!subscription || !item) return { status: "canceled", cancel_at: null, past_due_since: null, open_cents: null };
  const isAlive = ["active", "trialing", "past_due"].includes(subscription.status);
  return {
    stripe_subscription_id: subscription.id,
    status: subscription.status,
    price_id: item.price.id,
    billing_interval: item.price.recurring?.interval,
    current_period_start: item.current_period_start,
    current_period_end: item.current_period_end,
    cancel_at: isAlive ? subscription.cancel_at : null,
    past_due_since: pastDueSince,
    open_cents: open?.amount_remaining ?? null,
    open_invoice_url: open?.hosted_invoice_url ?? null,
  };
}

const times = ["current_period_start", "current_period_end", "cancel_at", "past_due_since"];

type Change = { from: unknown; to: unknown };
const isChange = (value: unknown): value is Change => typeof value === "object" && value !== null && "from" in value;

/** Follows what was written down from one change to the next: each has to start where the one before ended. */
function follow(audit: readonly Audit[]) {
  const state = new Map<string, unknown>([["workspacePlan", "free"]]);
  const seen = { granted: 0, ended: 0, failed: 0 };
  for (const { data } of audit.filter(({ action }) => action === "billing.synced")) {
    for (const [key, value] of Object.entries(data)) {
      if (!isChange(value)) continue;
      expect([key, value.from]).toEqual([key, state.get(key) ?? null]);
      state.set(key, value.to);
    }
    const { workspacePlan: plan, pastDueSince: since } = data;
    if (isChange(plan) && plan.from === "free") seen.granted += 1;
    if (isChange(plan) && plan.to === "free") seen.ended += 1;
    if (isChange(since) && since.to !== null && state.get("workspacePlan") !== "free") seen.failed += 1;
  }
  return { state, seen };
}

const signs: Record<RevenueKind, number> = {
  new: 1,
  expansion: 1,
  contraction: -1,
  churn: -1,
  failed: 0,
  recovered: 0,
};

/** The running plan's price by the month: in no story a discount is left at the end. */
function expectedMrr({ subscription }: Standing): number {
  const price = subscription?.items.data[0]?.price;
  if (!price || !["active", "past_due"].includes(subscription.status)) return 0;
  return Math.round(((price.unit_amount ?? 0) * 10_000) / (price.recurring?.interval === "year" ? 12 : 1));
}

/** How often a plan began in Stripe, and which invoices were ever open with days of grace left. */
function everIn({ moments, stage }: Played) {
  const standings = moments.map((moment) => standingAt(moment, stage));
  const rises = standings.filter(
    ({ plan }, index) => plan !== "free" && (standings[index - 1]?.plan ?? "free") === "free",
  );
  const late = standings.flatMap(({ plan, open }) => (plan !== "free" && open ? [open.id] : []));
  return { rises: rises.length, late };
}

/** The invoices whose receipts have to be there: an event told of them, or they are young enough to be looked up. */
function receiptsDue({ moments }: Played, { delivered }: Replayed, { forgotten }: Journey): string[] {
  const last = moments.at(-1);
  const now = (last?.truth.now.getTime() ?? 0) / 1_000;
  const told = moments
    .flatMap(({ letters }) => letters)
    .filter(({ type }) => type === "invoice.paid")
    .filter(({ id, body }) => {
      const { created } = JSON.parse(body) as { created: number };
      return delivered.has(id) || (!forgotten && created >= now - 3 * day);
    })
    .map(({ subject }) => subject);
  return (last?.invoices ?? [])
    .filter(({ status, amount_paid }) => status === "paid" && amount_paid > 0)
    .filter(({ id, created }) => told.includes(id) || created >= now - 35 * day)
    .map(({ id }) => id);
}

const kindOf = (mails: readonly string[], kind: string): string[] =>
  mails.filter((key) => key.startsWith(`${kind}:`)).map((key) => key.split(":")[1] ?? "");

/** Compares all that Charlie kept with what stands in Stripe. */
export async function expectTruth(played: Played, story: Story, journey: Journey, replayed: Replayed): Promise<void> {
  const { stage, moments, refunds, disputes } = played;
  const last = moments.at(-1);
  if (!last) throw new Error("nothing happened");
  const { workspace, subscription, mails, audit, moves, open } = await keptBy(stage);
  const standing = standingAt(last, stage);

  // The plan and its row are as Stripe has them, and the story did what it tells.
  expect({ plan: workspace.plan, status: subscription?.["status"] }).toEqual(story.ends);
  expect(workspace.plan).toBe(standing.plan);
  const row = expectedRow(standing);
  for (const [key, value] of Object.entries(row)) {
    const found = subscription?.[key];
    expect([key, times.includes(key) ? seconds(found) : found]).toEqual([key, value]);
  }
  const isPaying = workspace.plan !== "free";
  expect(seconds(workspace.period_start)).toBe(isPaying ? row.current_period_start : null);
  expect(seconds(workspace.period_end)).toBe(isPaying ? row.current_period_end : null);

  // Everything was worked on, and there is nothing left to repair.
  expect(open).toBe(0);
  expect(replayed.reconciled).toMatchObject({ checked: 1, failed: 0 });
  if (replayed.again) {
    expect(replayed.again).toMatchObject({ checked: 1, repaired: 0, failed: 0 });
    // What the app changed in Stripe has events of its own.
    if (stage.tape.changes.length === 0) expect(replayed.again.recovered).toBe(0);
  }

  // What was written down does not contradict itself, nor what is there, nor what Stripe knew.
  const { state, seen } = follow(audit);
  expect(state.get("workspacePlan")).toBe(workspace.plan);
  expect(state.get("status")).toBe(subscription?.["status"]);
  const { rises, late } = everIn(played);
  expect(seen.granted).toBeLessThanOrEqual(rises);

  // Revenue is what stands in Stripe, and its moves, whichever were seen, lead there from nothing, never below it.
  expect(subscription?.["mrr_micros"]).toBe(expectedMrr(standing));
  let mrr = 0;
  for (const { kind, amount_micros: amount } of moves) {
    expect([kind, kind === "new" || kind === "failed" || kind === "recovered" || mrr > 0]).toEqual([kind, true]);
    if (kind === "new") expect(mrr).toBe(0);
    mrr += signs[kind] * amount;
    expect([kind, kind === "churn" ? mrr === 0 : mrr > 0]).toEqual([kind, true]);
  }
  expect(mrr).toBe(subscription?.["mrr_micros"]);

  // Mails: one for each payment, failure and end, and none about what was never so.
  expect(kindOf(mails, "receipt").toSorted()).toEqual(receiptsDue(played, replayed, journey).toSorted());
  const failed = kindOf(mails, "payment-failed");
  expect(failed).toHaveLength(seen.failed);
  for (const invoice of failed) expect(late).toContain(invoice);
  expect(kindOf(mails, "plan-ended")).toHaveLength(seen.ended);

  // Refunds and disputes are on record once each; what the app changed in Stripe itself, it changed once.
  const subjects = (action: string) =>
    audit.filter((entry) => entry.action === action).map(({ subject_id: subject }) => subject ?? "");
  expect(subjects("billing.refunded").toSorted()).toEqual(refunds.map(({ id }) => id).toSorted());
  expect(subjects("billing.disputed")).toEqual(disputes.map(({ id }) => id));
  expect(subjects("billing.dispute_closed")).toEqual(disputes.map(({ id }) => id));
  const twice = subjects("billing.subscribed_twice");
  expect(stage.tape.changes.map((change) => change.split("/")[2])).toEqual(
    twice.flatMap(() => ["refunds", "subscriptions"]),
  );
  expect(twice).toHaveLength(moments.some(({ truth }) => truth.states.length > 1) ? 1 : 0);
}
