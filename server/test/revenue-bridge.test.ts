import { randomBytes, randomUUIDv7 } from "node:crypto";
import type { Revenue } from "@charlie/contract";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "./client.ts";
import { startTestApp, type TestApp } from "./harness.ts";
import { asOperator } from "../src/db/client.ts";
import { recordMoves } from "../src/features/billing/mrr.ts";
import { getRevenue } from "../src/features/admin/get-revenue.ts";

let app: TestApp;
let pat: Client;
let workspaces: string[] = [];
beforeAll(async () => {
  app = await startTestApp();
  pat = await app.signUp();
  workspaces = Array.from({ length: 3 }, () => randomUUIDv7());
  for (const id of workspaces) await app.db.operator.query("insert into workspaces (id, name) values ($1, 'x')", [id]);
});
afterAll(() => app.close());

interface Look {
  workspace: number;
  status: "active" | "past_due" | "trialing" | "canceled";
  cents: number;
  /** Since the look before, in days. */
  later: number;
}

const looks: fc.Arbitrary<Look[]> = fc.array(
  fc.record({
    workspace: fc.nat({ max: 2 }),
    status: fc.constantFrom("active", "past_due", "trialing", "canceled"),
    cents: fc.nat({ max: 5 }).map((count) => count * 1_300),
    later: fc.nat({ max: 40 }),
  }),
  { minLength: 1, maxLength: 25 },
);

const startOf = (month: string): Date => new Date(`${month}-01T00:00:00Z`);

/** Whatever is seen of whose subscription, when: written down as a sync would. Returns what stood at each moment. */
async function live(seen: readonly Look[]): Promise<{ at: Date; total: number }[]> {
  await app.db.operator.query("delete from revenue_changes; delete from subscriptions");
  let at = new Date("2026-01-15T00:00:00Z");
  const standing = new Map<string, { stripeSubscriptionId: string; status: Look["status"]; mrrMicros: number }>();
  const history: { at: Date; total: number }[] = [];
  await asOperator(app.db, async (tx) => {
    for (const { workspace, status, cents, later } of seen) {
      at = new Date(at.getTime() + later * 86_400_000);
      const id = workspaces[workspace] ?? "";
      const counts = status === "active" || status === "past_due";
      const after = { stripeSubscriptionId: `sub_${id}`, status, mrrMicros: counts ? cents * 10_000 : 0 };
      await recordMoves(tx, id, { before: standing.get(id) ?? null, after, at });
      standing.set(id, after);
      history.push({ at, total: [...standing.values()].reduce((sum, { mrrMicros }) => sum + mrrMicros, 0) });
    }
    for (const [id, { stripeSubscriptionId, status, mrrMicros }] of standing)
      await tx.$client.query(
        `insert into subscriptions (workspace_id, stripe_subscription_id, status, plan, price_id, billing_interval,
          current_period_start, current_period_end, mrr_micros) values ($1, $2, $3, 'pro', 'p', 'month', now(), now(), $4)`,
        [id, stripeSubscriptionId + randomBytes(3).toString("hex"), status, mrrMicros],
      );
  });
  return history;
}

/** The verb itself, at any time. */
const revenueAt = (now: Date): Promise<Revenue> =>
  getRevenue({ ...app.ctxOf(pat), operator: true }, { months: 6 }, { now: () => now });

test("start + new + expansion − contraction − churn = end, for every month of every history, and each end is what stood then", async () => {
  await fc.assert(
    fc.asyncProperty(looks, async (seen) => {
      const history = await live(seen);
      const last = history.at(-1);
      if (!last) throw new Error("nothing was seen");
      const { months, mrrMicros } = await revenueAt(last.at);
      expect(mrrMicros).toBe(last.total);
      for (const [index, month] of months.entries()) {
        const { startMicros, newMicros, expansionMicros, contractionMicros, churnMicros, endMicros } = month;
        expect(startMicros + newMicros + expansionMicros - contractionMicros - churnMicros).toBe(endMicros);
        const next = months[index + 1];
        const until = next ? startOf(next.month) : new Date(last.at.getTime() + 1);
        expect([month.month, endMicros]).toEqual([month.month, history.findLast(({ at }) => at < until)?.total ?? 0]);
        if (next) expect(next.startMicros).toBe(endMicros);
      }
    }),
    { numRuns: 100 },
  );
});
