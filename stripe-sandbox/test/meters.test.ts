// Usage: meters, their events, and what they put on an invoice.
import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { advance, createPayer, createWorld, DAY, HOUR, utc, type World } from "./world.ts";

let world: World;
let stripe: Stripe;
const START = utc("2026-04-01T00:00:00");
const END = utc("2026-05-01T00:00:00");

beforeEach(async () => {
  world = await createWorld();
  stripe = world.stripe;
});
afterEach(() => world.close());

type Formula = "sum" | "count" | "last";

async function metered(formula: Formula, unit = 1) {
  const meter = await stripe.billing.meters.create({
    display_name: "AI usage",
    event_name: `ai_${formula}`,
    default_aggregation: { formula },
    value_settings: { event_payload_key: "micros" },
  });
  const price = await stripe.prices.create({
    currency: "usd",
    unit_amount: unit,
    recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    product_data: { name: "AI usage" },
  });
  const { customer, clock } = await createPayer(stripe, { at: START });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  const send = (value: string, timestamp: number, identifier?: string) =>
    stripe.billing.meterEvents.create({
      event_name: meter.event_name,
      payload: { stripe_customer_id: customer.id, micros: value },
      timestamp,
      ...(identifier && { identifier }),
    });
  return { meter, price, customer, clock: clock!.id, subscription, send };
}

test.each<[Formula, number]>([
  ["sum", 175],
  ["count", 3],
  ["last", 25],
])("formula %s: the passed period is billed in the renewal's invoice", async (formula, total) => {
  const { clock, subscription, send } = await metered(formula);
  await advance(stripe, clock, START + 10 * DAY);
  await send("50", START + DAY);
  await send("25", START + 9 * DAY);
  await send("100", START + 2 * DAY);
  await advance(stripe, clock, END + HOUR);
  const [invoice] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(invoice).toMatchObject({ total, status: "paid", period_start: START, period_end: END });
  expect(invoice!.lines.data[0]).toMatchObject({ quantity: total, period: { start: START, end: END } });
  await advance(stripe, clock, utc("2026-06-01T01:00:00"));
  expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]?.total).toBe(0);
});

test("with `last`, sending the absolute total twice or losing one changes nothing", async () => {
  const { clock, subscription, send, meter, customer } = await metered("last");
  await advance(stripe, clock, START + 5 * DAY);
  for (const value of ["10", "20", "20", "40"]) await send(value, START + 5 * DAY);
  const summary = await stripe.billing.meters.listEventSummaries(meter.id, {
    customer: customer.id,
    start_time: START,
    end_time: END,
  });
  expect(summary.data).toMatchObject([{ aggregated_value: 40, start_time: START, end_time: END }]);
  await advance(stripe, clock, END + HOUR);
  expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]?.total).toBe(40);
});

test("usage that comes in the hour before the invoice is final still counts", async () => {
  const { clock, subscription, send } = await metered("last");
  await advance(stripe, clock, START + DAY);
  await send("10", START + DAY);
  await advance(stripe, clock, END + 60);
  const [draft] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(draft).toMatchObject({ status: "draft", total: 10 });
  await send("90", END - 1);
  await send("5", END + 30);
  await advance(stripe, clock, END + HOUR);
  expect(await stripe.invoices.retrieve(draft!.id)).toMatchObject({ status: "paid", total: 90 });
});

test("summaries by day show the days that had usage", async () => {
  const { clock, send, meter, customer } = await metered("sum");
  await advance(stripe, clock, START + 5 * DAY);
  await send("1.5", START + DAY);
  await send("2.25", START + DAY + HOUR);
  await send("4", START + 3 * DAY);
  const days = await stripe.billing.meters.listEventSummaries(meter.id, {
    customer: customer.id,
    start_time: START,
    end_time: START + 5 * DAY,
    value_grouping_window: "day",
  });
  expect(days.data.map((row) => [row.start_time, row.aggregated_value])).toEqual([
    [START + 3 * DAY, 4],
    [START + DAY, 3.75],
  ]);
});

test("what Stripe refuses: a duplicate, other times, values that are no numbers, unknown names and customers", async () => {
  const { clock, send, meter, customer } = await metered("sum");
  await advance(stripe, clock, START + 20 * DAY);
  const now = START + 20 * DAY;
  await send("1", now, "report-1");
  await expect(send("1", now, "report-1")).rejects.toMatchObject({ statusCode: 400, code: "duplicate_meter_event" });
  await expect(send("1", now - 35 * DAY - 1)).rejects.toMatchObject({ code: "timestamp_too_far_in_past" });
  await expect(send("1", now + 301)).rejects.toMatchObject({ code: "timestamp_in_future" });
  await send("1", now + 300);
  await expect(send("many", now)).rejects.toMatchObject({ code: "meter_event_invalid_value" });
  const other = { event_name: meter.event_name, payload: { stripe_customer_id: "cus_none", micros: "1" } };
  await expect(stripe.billing.meterEvents.create(other)).rejects.toMatchObject({ code: "resource_missing" });
  await expect(
    stripe.billing.meterEvents.create({ event_name: "nothing", payload: { stripe_customer_id: customer.id } }),
  ).rejects.toMatchObject({ code: "no_meter" });
  await stripe.billing.meterEventAdjustments.create({
    event_name: meter.event_name,
    type: "cancel",
    cancel: { identifier: "report-1" },
  });
  await send("3", now, "report-1");
});

test("a fraction of a cent per unit is rounded once, on the invoice", async () => {
  const meter = await stripe.billing.meters.create({
    display_name: "Micro-dollars",
    event_name: "micros",
    default_aggregation: { formula: "last" },
  });
  const price = await stripe.prices.create({
    currency: "usd",
    unit_amount_decimal: Stripe.Decimal.from("0.0001"),
    recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    product_data: { name: "AI" },
  });
  expect(price.unit_amount).toBeNull();
  const { customer, clock } = await createPayer(stripe, { at: START });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  await advance(stripe, clock!.id, START + DAY);
  await stripe.billing.meterEvents.create({
    event_name: "micros",
    payload: { stripe_customer_id: customer.id, value: "1234567" },
    timestamp: START + DAY,
  });
  await advance(stripe, clock!.id, END + HOUR);
  expect((await stripe.invoices.list({ subscription: subscription.id })).data[0]?.total).toBe(123);
});

test("usage is billed when the subscription ends, too", async () => {
  const { clock, subscription, send, customer } = await metered("last");
  await advance(stripe, clock, START + DAY);
  await send("700", START + DAY);
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
  await advance(stripe, clock, END);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("canceled");
  expect((await stripe.invoices.list({ customer: customer.id })).data[0]).toMatchObject({ total: 700, status: "paid" });
});

test.each(["always_invoice", "create_prorations", "none"] as const)(
  "what an item counted is billed when the item is replaced (%s), and its successor starts anew",
  async (proration_behavior) => {
    const { meter, price, customer, clock, subscription, send } = await metered("last");
    const other = await stripe.prices.create({
      currency: "usd",
      unit_amount: 2,
      recurring: { interval: "month", usage_type: "metered", meter: meter.id },
      product_data: { name: "AI usage, dearer" },
    });
    await advance(stripe, clock, START + 10 * DAY);
    await send("500", START + 9 * DAY);
    const item = subscription.items.data[0]!.id;
    const after = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, deleted: true }, { price: other.id }],
      proration_behavior,
    });
    expect(after.items.data.map((row) => row.price.id)).toEqual([other.id]);
    await send("30", START + 10 * DAY + 60);
    await advance(stripe, clock, END + HOUR);
    const { data } = await stripe.invoices.list({ customer: customer.id });
    const lines = data.toReversed().flatMap((invoice) => invoice.lines.data);
    expect(
      lines.map((line) => [line.pricing?.price_details?.price, line.amount, line.quantity, line.period.start]),
    ).toEqual([
      [price.id, 500, 500, START],
      [other.id, 60, 30, START + 10 * DAY],
    ]);
    expect(data).toHaveLength(proration_behavior === "always_invoice" ? 3 : 2);
    expect(data.map(({ status }) => status)).not.toContain("draft");
  },
);

test("a year's plan with usage by the month: each at its own rhythm", async () => {
  const { meter, price } = await metered("last");
  const year = await stripe.prices.create({
    currency: "usd",
    unit_amount: 29_000,
    recurring: { interval: "year" },
    product_data: { name: "Pro" },
  });
  const { customer, clock } = await createPayer(stripe, { at: START });
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: year.id }, { price: price.id }],
  });
  await advance(stripe, clock!.id, START + DAY);
  await stripe.billing.meterEvents.create({
    event_name: meter.event_name,
    payload: { stripe_customer_id: customer.id, micros: "55" },
    timestamp: START + DAY,
  });
  await advance(stripe, clock!.id, END + HOUR);
  const [invoice] = (await stripe.invoices.list({ subscription: made.id })).data;
  expect(invoice).toMatchObject({ total: 55, status: "paid" });
  const after = await stripe.subscriptions.retrieve(made.id);
  expect(after.items.data.map((item) => item.current_period_end)).toEqual([
    utc("2027-04-01T00:00:00"),
    utc("2026-06-01T00:00:00"),
  ]);
});

test("meters are listed, renamed, put to sleep and woken", async () => {
  const { meter, send } = await metered("count");
  expect((await stripe.billing.meters.update(meter.id, { display_name: "Answers" })).display_name).toBe("Answers");
  expect((await stripe.billing.meters.deactivate(meter.id)).status).toBe("inactive");
  await expect(send("1", START)).rejects.toMatchObject({ code: "no_meter" });
  expect((await stripe.billing.meters.list({ status: "active" })).data).toEqual([]);
  expect((await stripe.billing.meters.reactivate(meter.id)).status).toBe("active");
});
