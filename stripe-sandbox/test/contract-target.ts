// What the contract suite runs on: the sandbox always, Stripe's own test mode where STRIPE_SECRET_KEY=sk_test_… is set.
import Stripe from "stripe";
import { startStripeSandbox } from "../src/index.ts";

const realKey = process.env.STRIPE_SECRET_KEY?.startsWith("sk_test_") ? process.env.STRIPE_SECRET_KEY : undefined;

export const targets = [
  { name: "the sandbox", key: undefined },
  ...(realKey ? [{ name: "Stripe's test mode", key: realKey }] : []),
];

/** A moment for test clocks to start at: the first of a month of 30 days. */
export const START = Date.UTC(2026, 3, 1) / 1000;

export interface Target {
  stripe: Stripe;
  /** Marks what this run makes. */
  run: string;
  pro: Stripe.Price;
  team: Stripe.Price;
  /** A customer with a saved card on a test clock of their own. */
  payer(card?: string): Promise<{ clock: string; customer: string }>;
  advance(clock: string, to: number): Promise<void>;
  /** Takes away what the run made, as far as Stripe lets it. */
  close(): Promise<void>;
}

/** How long one test may take, in ms: Stripe's clocks take their time. */
export const patience = (key: string | undefined): number => (key ? 300_000 : 30_000);

export async function openTarget(key: string | undefined): Promise<Target> {
  const sandbox = key ? undefined : await startStripeSandbox({ port: 0 });
  const stripe = sandbox
    ? new Stripe("sk_test_contract", { host: "127.0.0.1", port: sandbox.port, protocol: "http", maxNetworkRetries: 0 })
    : new Stripe(key ?? "");
  const run = `charlie-${Date.now()}`;
  const price = (name: string, amount: number) =>
    stripe.prices.create({
      currency: "usd",
      unit_amount: amount,
      recurring: { interval: "month" },
      product_data: { name: `${run} ${name}` },
      lookup_key: `${run}-${name}`,
    });
  const [pro, team] = [await price("pro", 2900), await price("team", 7900)];
  const clocks: string[] = [];
  return {
    stripe,
    run,
    pro,
    team,
    async payer(card = "pm_card_visa") {
      const clock = await stripe.testHelpers.testClocks.create({ frozen_time: START, name: run });
      clocks.push(clock.id);
      const customer = await stripe.customers.create({ email: "contract@example.com", test_clock: clock.id });
      const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
      await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
      return { clock: clock.id, customer: customer.id };
    },
    async advance(clock, to) {
      await stripe.testHelpers.testClocks.advance(clock, { frozen_time: to });
      for (;;) {
        const { status } = await stripe.testHelpers.testClocks.retrieve(clock);
        if (status === "ready") return;
        if (status === "internal_failure") throw new Error("the test clock failed");
        await new Promise((resolve) => setTimeout(resolve, key ? 2000 : 5));
      }
    },
    async close() {
      for (const clock of clocks) await stripe.testHelpers.testClocks.del(clock);
      for (const { id } of [pro, team]) await stripe.prices.update(id, { active: false });
      await sandbox?.close();
    },
  };
}

/** What an error says, as far as an application looks at it. */
export function refused(work: Promise<unknown>): Promise<object> {
  return work.then(
    () => ({ type: "none" }),
    (error: unknown) => {
      if (!(error instanceof Stripe.errors.StripeError)) throw error;
      const { type, code, param, statusCode } = error;
      return { type, code, param, statusCode };
    },
  );
}
