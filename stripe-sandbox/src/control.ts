// What a test (or the control page) can do to the sandbox that no API client can.
import type { Box } from "./box.ts";
import { continueCheckout, payWithCard, type CheckoutOutcome } from "./billing/checkout.ts";
import { resumeClocks } from "./billing/test-clock.ts";
import { runDue, turnClock } from "./billing/clock.ts";
import { closeDispute, openDispute, refundCharge } from "./billing/disputes.ts";
import { rigPayments } from "./billing/payments.ts";
import { deliveryMode, setDeliveryMode, type Deliverer, type DeliveryMode } from "./events/deliver.ts";
import { invalid } from "./http/errors.ts";
import { createCoupon, createPromotionCode } from "./resources/coupons.ts";
import { need } from "./resources/find.ts";
import { deliveriesOf, showEvent } from "./resources/events.ts";
import type { Delivery, Dispute, EventObject, PromotionCode, Refund } from "./types.ts";

export interface Control {
  /** The sandbox's own time, in seconds. */
  now(): number;
  /** Turns the sandbox's own clock forward by seconds, doing all that falls due on the way. Returns the new time. */
  turnClock(seconds: number): number;
  /** The next `times` payments fail, of this customer or of anybody. */
  failPayments(order: { customer?: string | null; times?: number; code?: string }): void;
  /** Pays a checkout session as its page would. 4242… unless another number is given. */
  payCheckout(
    session: string,
    card?: { number?: string; name?: string; approve?: boolean; email?: string },
  ): CheckoutOutcome;
  dispute(charge: string, reason?: string): Dispute;
  closeDispute(dispute: string, outcome: "won" | "lost"): Dispute;
  refund(charge: string, amount?: number): Refund;
  /** Makes a code to type at a checkout. `percent` is a decimal above 0, at most 100; off the first invoice or off all. */
  promotionCode(order: { code: string; percent: string; duration?: "once" | "forever" }): PromotionCode;
  deliveries: {
    mode(): DeliveryMode;
    setMode(mode: Partial<DeliveryMode>): DeliveryMode;
    list(): Delivery[];
    /** Sends held deliveries on; with `shuffle` in random order. Returns how many. */
    release(how?: { shuffle?: boolean }): number;
    /** Sends an event once more to every endpoint that wants it. */
    redeliver(event: string): number;
    /** Resolves when nothing is left to deliver that is due within `withinMs` (default 10 s). */
    settled(withinMs?: number): Promise<void>;
  };
  events(): EventObject[];
  /** Takes up test clocks whose advance was cut short. */
  resumeClocks(): void;
}

/** Builds the control over a sandbox. */
export function control(box: Box, deliverer: Deliverer): Control {
  return {
    now: () => box.now(),
    turnClock(seconds) {
      if (!Number.isInteger(seconds) || seconds < 0)
        throw invalid("Time goes forward only, by whole seconds.", "seconds");
      return box.change(() => turnClock(box, seconds));
    },
    failPayments({ customer = null, times = 1, code = "generic_decline" }) {
      box.change(() => rigPayments(box, { customer, times, code }));
    },
    payCheckout(session, { number = "4242424242424242", name = "Sandbox Tester", approve = true, email } = {}) {
      const year = new Date(box.now() * 1000).getUTCFullYear() + 4;
      const card = { number, exp_month: 12, exp_year: year, cvc: "123" };
      const first = box.change(() => payWithCard(box, session, card, name, email));
      return first.status === "requires_action" ? box.change(() => continueCheckout(box, session, approve)) : first;
    },
    dispute: (charge, reason) => box.change(() => openDispute(box, need(box, "charge", charge), reason)),
    closeDispute: (dispute, outcome) => box.change(() => closeDispute(box, need(box, "dispute", dispute), outcome)),
    refund: (charge, amount) =>
      box.change(() => refundCharge(box, need(box, "charge", charge), amount === undefined ? {} : { amount })),
    promotionCode: ({ code, percent, duration = "once" }) =>
      box.change(() => {
        const coupon = createCoupon(box, { percent_off: percent, duration });
        return createPromotionCode(box, { code, promotion: { type: "coupon", coupon: coupon.id } });
      }),
    deliveries: {
      mode: () => deliveryMode(box),
      setMode: (mode) => box.change(() => setDeliveryMode(box, mode)),
      list: () => box.store.all("sandbox.delivery"),
      release({ shuffle = false } = {}) {
        const held = box.store.all("sandbox.delivery").filter((row) => row.status === "held");
        box.change(() => {
          for (const row of held) {
            // A spread of moments is what mixes up the order in which they go out.
            const wait = shuffle ? Math.floor(Math.random() * 100) : 0;
            box.store.put({ ...row, status: "pending", next_at: Date.now() + wait });
          }
        });
        deliverer.wake(held.map((row) => row.id));
        return held.length;
      },
      redeliver(id) {
        need(box, "event", id);
        const rows = deliveriesOf(box, id);
        box.change(() => {
          for (const row of rows) box.store.put({ ...row, status: "pending", attempts: 0, next_at: Date.now() });
        });
        deliverer.wake(rows.map((row) => row.id));
        return rows.length;
      },
      settled: (withinMs) => deliverer.settled(withinMs),
    },
    events: () => box.store.all("event").map((event) => showEvent(box, event)),
    resumeClocks() {
      box.change(() => runDue(box, null, box.now()));
      resumeClocks(box);
    },
  };
}
