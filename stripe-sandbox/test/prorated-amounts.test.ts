// What prorations come to, to the cent: what Stripe's documentation works out itself, what Stripe once answered, and
// cases worked out by hand from the formula that it states.
import * as fc from "fast-check";
import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { advance, createPayer, createWorld, DAY, HOUR, utc, type World } from "./world.ts";

let world: World;
let stripe: Stripe;

beforeAll(async () => {
  world = await createWorld();
  stripe = world.stripe;
});
afterAll(() => world.close());

async function price(amount: number): Promise<string> {
  const { id } = await stripe.prices.create({
    currency: "usd",
    unit_amount: amount,
    recurring: { interval: "month" },
    product_data: { name: `Plan ${amount}` },
  });
  return id;
}

async function subscribed(start: number, amounts: number[], discounts?: Stripe.SubscriptionCreateParams.Discount[]) {
  const { customer, clock } = await createPayer(stripe, { at: start });
  const { id, items, latest_invoice } = await stripe.subscriptions.create({
    customer: customer.id,
    items: await Promise.all(amounts.map(async (amount) => ({ price: await price(amount) }))),
    ...(discounts && { discounts }),
    expand: ["latest_invoice"],
  });
  return {
    id,
    customer: customer.id,
    clock: clock!.id,
    items: items.data.map((item) => item.id),
    invoice: latest_invoice as Stripe.Invoice,
  };
}

/** The amounts of the prorations that wait for the next invoice, as they were made. */
async function pending(customer: string): Promise<number[]> {
  const { data } = await stripe.invoiceItems.list({ customer, pending: true, limit: 100 });
  expect(data.every((row) => row.proration)).toBe(true);
  return data.map((row) => row.amount + 0).toReversed();
}

const page = "https://docs.stripe.com/billing/subscriptions/prorations";

describe(`worked out at ${page}`, () => {
  test("#how-prorations-work: from 10 to 20 USD halfway: -5 USD for unused time, 10 USD for the remaining time", async () => {
    const { id, items, clock, customer } = await subscribed(utc("2026-04-01T00:00:00"), [1000]);
    await advance(stripe, clock, utc("2026-04-16T00:00:00"));
    await stripe.subscriptions.update(id, { items: [{ id: items[0]!, price: await price(2000) }] });
    expect(await pending(customer)).toEqual([-500, 1000]);
  });

  // "period_start": 1596749288, "proration_date": 1598982148, "period_end": 1599427688; Silver at 1000, Gold at 3252.
  test('#preview-proration: "Unused time on Silver plan" -166, "Remaining time on Gold plan" 541, "total" 3627', async () => {
    const { id, items, clock } = await subscribed(1_596_749_288, [1000]);
    await advance(stripe, clock, 1_598_982_148);
    const preview = await stripe.invoices.createPreview({
      subscription: id,
      subscription_details: {
        items: [{ id: items[0]!, price: await price(3252) }],
        proration_date: 1_598_982_148,
      },
    });
    expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-166, 541, 3252]);
    expect(preview).toMatchObject({ subtotal: 3627, total: 3627, period_end: 1_599_427_688 });
  });

  test("#credit-prorations: 10 → 20 without prorations on 11 April, → 10 on 21 April: 3.33 are credited as billed, total 0", async () => {
    const { id, items, clock } = await subscribed(utc("2026-04-01T00:00:00"), [1000]);
    const item = items[0]!;
    const [ten, twenty] = [await price(1000), await price(2000)];
    await advance(stripe, clock, utc("2026-04-11T00:00:00"));
    await stripe.subscriptions.update(id, { items: [{ id: item, price: twenty }], proration_behavior: "none" });
    await advance(stripe, clock, utc("2026-04-21T00:00:00"));
    const { latest_invoice } = await stripe.subscriptions.update(id, {
      items: [{ id: item, price: ten }],
      proration_behavior: "always_invoice",
      expand: ["latest_invoice"],
    });
    const { total, lines } = latest_invoice as Stripe.Invoice;
    expect(lines.data.map(({ amount }) => amount)).toEqual([-333, 333]);
    expect(total).toBe(0);
  });

  test("#credit-prorations: 5 USD off 10 and 20 USD are 1.66 and 3.34; cancelled halfway: -0.5 x (10 - 1.66) = -4.17", async () => {
    const coupon = await stripe.coupons.create({ amount_off: 500, currency: "usd", duration: "once" });
    const { id, invoice, items, clock, customer } = await subscribed(
      utc("2026-02-01T00:00:00"),
      [1000, 2000],
      [{ coupon: coupon.id }],
    );
    expect(invoice.total).toBe(2500);
    expect(invoice.lines.data.map((row) => row.discount_amounts?.[0]?.amount)).toEqual([166, 334]);
    await advance(stripe, clock, utc("2026-02-15T00:00:00"));
    await stripe.subscriptionItems.del(items[0]!, { proration_behavior: "create_prorations" });
    expect(await pending(customer)).toEqual([-417]);
    expect((await stripe.subscriptions.retrieve(id)).items.data).toHaveLength(1);
  });
});

describe("answered by Stripe, and published", () => {
  const answers: [source: string, start: number, at: number, amount: number, credit: number][] = [
    // "Unused time on monthly widgets after 03 Mar 2017": 1488568488 to 1489449600, plan of 1000, amount -364.
    ["https://gist.github.com/matthewarkin/27bcfdf622eb91d3508ea082d0ad50b8", 1_487_030_400, 1_488_568_488, 1000, -364],
    // "Unused time on Base after 16 May 2018": 1526487083 to 1529161019, plan of 1000, amount -998.
    ["https://pastebin.com/Rxuk5FLW", 1_526_482_619, 1_526_487_083, 1000, -998],
  ];
  test.each(answers)("%s", async (_source, start, at, amount, credit) => {
    const { id, items, clock, customer } = await subscribed(start, [amount]);
    await advance(stripe, clock, at);
    await stripe.subscriptions.update(id, { items: [{ id: items[0]!, price: await price(10 * amount) }] });
    expect((await pending(customer))[0]).toBe(credit);
  });
});

// "The current billing period's start and end times are used to calculate the cost of the subscription before and after
// the change", "Stripe prorates to the second" (both from the page above): amount x seconds left / seconds of the period.
describe(`by hand from the formula of ${page}#when-prorations-are-applied`, () => {
  // Start, moment of the switch, old and new amount in cents, credit and charge.
  const cases: [string, string, number, number, number, number][] = [
    // At once after the start: all of it, both ways.
    ["2026-04-01T00:00:00", "2026-04-01T00:00:00", 2900, 7900, -2900, 7900],
    // A third of 30 days left: 2900/3 = 966.67, 7900/3 = 2633.33.
    ["2026-04-01T00:00:00", "2026-04-21T00:00:00", 2900, 7900, -967, 2633],
    // One day of 31: 2900/31 = 93.55, 7900/31 = 254.84.
    ["2026-01-01T00:00:00", "2026-01-31T00:00:00", 2900, 7900, -94, 255],
    // One second of 31 days: less than half a cent.
    ["2026-01-01T00:00:00", "2026-01-31T23:59:59", 2900, 7900, 0, 0],
    // One hour of 28 days: 2900/672 = 4.32, 7900/672 = 11.76.
    ["2026-02-01T00:00:00", "2026-02-28T23:00:00", 2900, 7900, -4, 12],
    // Down instead of up, 15 of 30 days left.
    ["2026-06-01T00:00:00", "2026-06-16T00:00:00", 7900, 2900, -3950, 1450],
    // Half a cent is rounded away from zero: 1 and 3 cents over half a month.
    ["2026-04-01T00:00:00", "2026-04-16T00:00:00", 1, 3, -1, 2],
    // "A monthly subscription with a billing cycle anchor date of January 31 bills the last day of the month closest to
    // the anchor date, so February 28" (https://docs.stripe.com/billing/subscriptions/billing-cycle): 21 of 28 days.
    ["2026-01-31T00:00:00", "2026-02-07T00:00:00", 2800, 5600, -2100, 4200],
    // "(or February 29 in a leap year)", same page: 31 January to 29 February 2028 are 29 days, of which 10 are left.
    ["2028-01-31T00:00:00", "2028-02-19T00:00:00", 2900, 5800, -1000, 2000],
    // Odd seconds: 1,234,567 of 2,592,000 left: 2900 × 0.47630 = 1381.27, 7900 × 0.47630 = 3762.76.
    ["2026-04-01T00:00:00", "2026-04-16T17:03:53", 2900, 7900, -1381, 3763],
  ];
  test.each(cases)("from %s, switched on %s: %i → %i cents", async (start, moment, from, to, credit, charge) => {
    const { id, items, clock, customer } = await subscribed(utc(start), [from]);
    if (moment !== start) await advance(stripe, clock, utc(moment));
    await world.types();
    const asked = {
      items: [{ id: items[0]!, price: await price(to) }],
      proration_behavior: "create_prorations" as const,
    };
    const preview = await stripe.invoices.createPreview({ subscription: id, subscription_details: asked });
    await world.types();
    await stripe.subscriptions.update(id, asked);
    expect(await world.types()).toEqual([
      "customer.subscription.updated",
      "invoiceitem.created",
      "invoiceitem.created",
    ]);
    expect(await pending(customer)).toEqual([credit, charge]);
    expect(preview.total).toBe(credit + charge + to);
  });
});

describe("a switch and its reverse", () => {
  const cents = fc.integer({ min: 0, max: 1_000_000 });
  const start = utc("2026-01-31T00:00:00");
  const seconds = fc.integer({ min: 0, max: 27 * DAY });

  /** Switches away and back, once or more, and returns what waits for the next invoice. */
  async function thereAndBack(from: number, to: number, moments: number[]): Promise<number[]> {
    const { id, items, clock, customer } = await subscribed(start, [from]);
    const { price: old } = (await stripe.subscriptionItems.retrieve(items[0]!)) as Stripe.SubscriptionItem;
    const other = await price(to);
    await advance(stripe, clock, start + 27 * DAY + HOUR);
    for (const [n, moment] of moments.entries()) {
      await stripe.subscriptions.update(id, {
        items: [{ id: items[0]!, price: n % 2 === 0 ? other : old.id }],
        proration_date: start + moment,
      });
    }
    return pending(customer);
  }

  test("at the same second cancel out to the cent, whatever the prices and the moment", async () => {
    await fc.assert(
      fc.asyncProperty(cents, cents, seconds, fc.constantFrom(2, 4), async (from, to, at, times) => {
        const amounts = await thereAndBack(
          from,
          to,
          Array.from({ length: times }, () => at),
        );
        expect(amounts).toHaveLength(2 * times);
        expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test("later cost the difference of the prices for the time between, but for the rounding of four amounts", async () => {
    await fc.assert(
      fc.asyncProperty(cents, cents, seconds, seconds, async (from, to, one, two) => {
        const [away, back] = one < two ? [one, two] : [two, one];
        const amounts = await thereAndBack(from, to, [away, back]);
        const exact = ((to - from) * (back - away)) / (28 * DAY);
        expect(Math.abs(amounts.reduce((sum, amount) => sum + amount, 0) - exact)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 40 },
    );
  });
});
