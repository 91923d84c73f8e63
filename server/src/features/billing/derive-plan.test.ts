import * as fc from "fast-check";
import { expect, test } from "vitest";
import { derivePlan, type Candidate } from "./derive-plan.ts";

const day = 24 * 60 * 60 * 1_000;
const now = new Date("2026-11-22T12:00:00Z");
const grace = 7;

const moment = fc.integer({ min: -60, max: 0 }).map((days) => new Date(now.getTime() + days * day));
const candidate = (id: number): fc.Arbitrary<Candidate> =>
  fc.record({
    id: fc.constant(`sub_${id}`),
    status: fc.constantFrom(
      "active",
      "trialing",
      "past_due",
      "canceled",
      "unpaid",
      "incomplete",
      "incomplete_expired",
      "paused",
    ),
    plan: fc.option(fc.constantFrom("pro", "team"), { freq: 8 }),
    priceId: fc.constant(`price_${id}`),
    createdAt: moment,
    pastDueSince: fc.option(moment),
  });
const candidates = fc
  .integer({ min: 0, max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, id) => candidate(id))));

const running = ({ status }: Candidate) => ["active", "trialing", "past_due"].includes(status);
const paid = ({ status }: Candidate) => status === "active" || status === "trialing";

test("the order in which Stripe lists subscriptions does not matter", () => {
  fc.assert(
    fc.property(
      candidates.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, mixed]) => {
        const one = derivePlan(all, now, grace);
        const other = derivePlan(mixed, now, grace);
        expect(other).toMatchObject({ plan: one.plan, graceEndsAt: one.graceEndsAt });
        expect(other.subscription?.id).toBe(one.subscription?.id);
        expect(other.surplus.map(({ id }) => id)).toEqual(one.surplus.map(({ id }) => id));
      },
    ),
  );
});

test("whoever pays for a plan of ours has it, and it is the earliest that is paid", () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const ours = all.filter((one) => paid(one) && one.plan !== null);
      const { plan, subscription } = derivePlan(all, now, grace);
      if (ours.length === 0) return;
      expect(plan).toBe(subscription?.plan);
      expect(ours).toContain(subscription);
      expect(Math.min(...ours.map(({ createdAt }) => createdAt.getTime()))).toBe(subscription?.createdAt.getTime());
    }),
  );
});

test("nobody has a plan without a running subscription to it", () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const { plan } = derivePlan(all, now, grace);
      if (plan === null || plan === "free") return;
      expect(all.some((one) => running(one) && one.plan === plan)).toBe(true);
    }),
  );
});

test("exactly one running subscription is kept; the surplus is every other one, and never an unknown price", () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const { subscription, surplus, unknown } = derivePlan(all, now, grace);
      const ours = all.filter((one) => running(one) && one.plan !== null);
      expect(surplus).toHaveLength(Math.max(0, ours.length - 1));
      expect(surplus).not.toContain(subscription);
      for (const one of surplus) expect(ours).toContain(one);
      expect(unknown).toEqual(expect.arrayContaining(all.filter((one) => running(one) && one.plan === null)));
    }),
  );
});

test("an unknown price is never taken for Free", () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const live = all.filter(running);
      const { plan } = derivePlan(all, now, grace);
      expect(plan === null).toBe(live.length > 0 && live.every((one) => one.plan === null));
    }),
  );
});

test("past due keeps the plan for the days of grace, to the millisecond, and time alone takes it away", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: -40 * day, max: 40 * day }), (days, after) => {
      const since = new Date("2026-10-01T08:30:00Z");
      const late: Candidate = {
        id: "sub_1",
        status: "past_due",
        plan: "team",
        priceId: "price_1",
        createdAt: since,
        pastDueSince: since,
      };
      const { plan, graceEndsAt } = derivePlan([late], new Date(since.getTime() + after), days);
      expect(graceEndsAt).toEqual(new Date(since.getTime() + days * day));
      expect(plan).toBe(after < days * day ? "team" : "free");
    }),
  );
});

const ended = (id: string, createdAt: string): Candidate => ({
  id,
  status: "canceled",
  plan: "pro",
  priceId: "price_1",
  createdAt: new Date(createdAt),
  pastDueSince: null,
});

test("what is over gives Free and still stands for the workspace, the latest of several", () => {
  const derived = derivePlan([ended("sub_b", "2026-03-01"), ended("sub_a", "2026-01-01")], now, grace);
  expect(derived).toMatchObject({ plan: "free", subscription: { id: "sub_b" }, surplus: [] });
  expect(derivePlan([], now, grace)).toMatchObject({ plan: "free", subscription: null });
});
