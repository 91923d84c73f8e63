import type { PlanId, Subscription } from "@charlie/contract";
import { day, hour, type Stage } from "./stage.ts";

/** A subscription's life in steps; between two of them Charlie may hear of all, some or nothing that happened. */
export interface Story {
  steps: ((stage: Stage) => Promise<unknown> | void)[];
  /** How it has to end. */
  ends: { plan: PlanId; status: Subscription["status"] };
}

const pay =
  (...choice: Parameters<Stage["pay"]>) =>
  (stage: Stage) =>
    stage.pay(...choice);

const renew = (stage: Stage) => stage.afterPeriod(2 * hour);

const switchTo = (plan: "pro" | "team", interval: "month" | "year") => async (stage: Stage) => {
  const { id, items } = await stage.current();
  await stage.stripe.subscriptions.update(id, {
    items: [{ id: items.data[0]?.id ?? "", price: stage.prices[plan][interval] ?? "" }],
    proration_behavior: "always_invoice",
  });
};

const wait = (seconds: number) => (stage: Stage) => void stage.control.turnClock(seconds);

const change = (params: { cancel_at_period_end: boolean }) => async (stage: Stage) =>
  stage.stripe.subscriptions.update((await stage.current()).id, params);

const failPayments = async (stage: Stage, times: number) =>
  stage.control.failPayments({ customer: await stage.customer(), times });

const failRenewal = async (stage: Stage) => {
  await failPayments(stage, 100);
  await renew(stage);
};

const endFailing = (stage: Stage) => failPayments(stage, 0);

const charge = async (stage: Stage) =>
  (await stage.stripe.charges.list({ customer: await stage.customer() })).data[0]?.id ?? "";

/** A payment page that is not ours, e.g. made by hand in the dashboard. */
async function payOther(stage: Stage, more: { trialDays?: number; coupon?: string }): Promise<void> {
  const session = await stage.stripe.checkout.sessions.create({
    mode: "subscription",
    customer: await stage.customer(),
    line_items: [{ price: stage.prices.team.month, quantity: 1 }],
    success_url: "http://charlie.test/billing/success",
    ...(more.trialDays === undefined ? {} : { subscription_data: { trial_period_days: more.trialDays } }),
    ...(more.coupon === undefined ? {} : { discounts: [{ coupon: more.coupon }] }),
  });
  stage.control.payCheckout(session.id);
}

const active = (plan: PlanId) => ({ plan, status: "active" as const });
const over = { plan: "free", status: "canceled" } as const;

export const stories: Record<string, Story> = {
  "subscribes and renews three times": { steps: [pay("pro"), renew, renew, renew], ends: active("pro") },
  "upgrades in the middle of a month": {
    steps: [pay("pro"), wait(10 * day), switchTo("team", "month")],
    ends: active("team"),
  },
  "downgrades, and the credit pays the renewal": {
    steps: [pay("team"), wait(3 * day), switchTo("pro", "month"), renew],
    ends: active("pro"),
  },
  "goes from month to year, and pays again after it": {
    steps: [pay("pro"), wait(12 * day), switchTo("pro", "year"), renew],
    ends: active("pro"),
  },
  "cancels at the period's end, and it ends": {
    steps: [pay("pro", "year"), change({ cancel_at_period_end: true }), renew],
    ends: over,
  },
  "cancels and undoes it": {
    steps: [pay("team"), change({ cancel_at_period_end: true }), change({ cancel_at_period_end: false })],
    ends: active("team"),
  },
  "fails to pay and recovers in the days of grace": {
    steps: [pay("pro"), failRenewal, endFailing, wait(5 * day)],
    ends: active("pro"),
  },
  "fails to pay, loses the plan, and recovers": {
    steps: [pay("team"), failRenewal, wait(8 * day), endFailing, wait(10 * day)],
    ends: active("team"),
  },
  "fails to pay to the end": {
    steps: [pay("pro"), failRenewal, wait(9 * day), wait(30 * day)],
    ends: over,
  },
  "leaves a payment page, comes back, is declined once and then asked by the bank (3-D Secure)": {
    steps: [
      (stage) => stage.checkout("pro"),
      wait(25 * hour),
      async (stage) => {
        const session = await stage.checkout("team");
        await failPayments(stage, 1);
        stage.control.payCheckout(session);
        stage.control.payCheckout(session, { number: "4000002500003155", approve: true });
      },
    ],
    ends: active("team"),
  },
  "is paid back": {
    steps: [
      pay("pro"),
      async (stage) => stage.control.refund(await charge(stage), 1000),
      async (stage) => stage.control.refund(await charge(stage)),
    ],
    ends: active("pro"),
  },
  "disputes a payment and loses it": {
    steps: [
      pay("pro"),
      async (stage) => stage.control.dispute(await charge(stage)),
      async (stage) => {
        const { data } = await stage.stripe.disputes.list();
        stage.control.closeDispute(data[0]?.id ?? "", "lost");
      },
    ],
    ends: active("pro"),
  },
  "is ended in Stripe's dashboard, and comes back": {
    steps: [pay("pro"), async (stage) => stage.stripe.subscriptions.cancel((await stage.current()).id), pay("team")],
    ends: active("team"),
  },
  "is deleted as a customer": {
    steps: [pay("team"), async (stage) => stage.stripe.customers.del(await stage.customer())],
    ends: over,
  },
  "tries for two weeks first, with a coupon for the first month": {
    steps: [
      (stage) => stage.checkout("team"),
      async (stage) => {
        const coupon = await stage.stripe.coupons.create({ percent_off: 25, duration: "once" });
        await payOther(stage, { trialDays: 14, coupon: coupon.id });
      },
      wait(14 * day + 2 * hour),
    ],
    ends: active("team"),
  },
  "pays twice in two tabs": {
    steps: [
      async (stage) => {
        await stage.pay("pro");
        stage.control.turnClock(1);
        await payOther(stage, {});
      },
    ],
    ends: active("pro"),
  },
};
