import { expect, test } from "vitest";
import { normaliseEvent, normaliseInvoice, normaliseSubscription } from "./normalise.ts";

const price = {
  id: "price_1",
  lookup_key: "charlie_pro_monthly",
  unit_amount: 2900,
  metadata: {},
  recurring: { interval: "month", interval_count: 1 },
};
const start = 1_793_000_000;
const end = 1_795_678_400;
const seconds = (value: number) => new Date(value * 1_000);

/** What all versions have in common; `items` and the period differ. */
const base = {
  id: "sub_1",
  object: "subscription",
  customer: "cus_1",
  status: "active",
  created: start,
  cancel_at: null,
  cancel_at_period_end: false,
  latest_invoice: "in_1",
};
const newItem = { id: "si_1", price, quantity: 1, current_period_start: start, current_period_end: end };
const { current_period_start: _start, current_period_end: _end, ...oldItem } = newItem;

const shapes = {
  "2024-06-20, period and one discount on the subscription": {
    ...base,
    discount: null,
    current_period_start: start,
    current_period_end: end,
    items: { object: "list", data: [oldItem] },
  },
  "2024-12-18, period on the subscription, a list of discounts": {
    ...base,
    discounts: [],
    current_period_start: start,
    current_period_end: end,
    items: { object: "list", data: [oldItem] },
  },
  "2025-03-31 and later, period on the item": { ...base, discounts: [], items: { object: "list", data: [newItem] } },
  "2025-09-30, flexible billing by default": {
    ...base,
    billing_mode: { type: "flexible", updated_at: start },
    discounts: [],
    items: { object: "list", data: [newItem] },
  },
  "2026-10-28, as the SDK's types have it": {
    ...base,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
    billing_cycle_anchor: start,
    customer_account: null,
    discounts: [],
    items: {
      object: "list",
      has_more: false,
      url: "/v1/subscription_items?subscription=sub_1",
      data: [{ ...newItem, object: "subscription_item", billed_until: end, discounts: [], tax_rates: [] }],
    },
  },
  "customer and invoice expanded": {
    ...base,
    customer: { id: "cus_1", object: "customer" },
    latest_invoice: { id: "in_1", object: "invoice" },
    discounts: [],
    items: { object: "list", data: [newItem] },
  },
};

test.each(Object.entries(shapes))("a subscription of %s has the one shape", (_name, shape) => {
  expect(normaliseSubscription(shape)).toEqual({
    id: "sub_1",
    customerId: "cus_1",
    status: "active",
    createdAt: seconds(start),
    cancelAt: null,
    latestInvoiceId: "in_1",
    discounted: false,
    items: [
      {
        id: "si_1",
        price: { id: "price_1", lookupKey: "charlie_pro_monthly", metadata: {}, unitCents: 2900, interval: "month" },
        quantity: 1,
        periodStart: seconds(start),
        periodEnd: seconds(end),
      },
    ],
  });
});

test("a cancellation is scheduled by a flag (classic) or by a time (flexible billing)", () => {
  const items = { object: "list", data: [newItem] };
  expect(normaliseSubscription({ ...base, cancel_at_period_end: true, items }).cancelAt).toEqual(seconds(end));
  expect(normaliseSubscription({ ...base, cancel_at: end, items }).cancelAt).toEqual(seconds(end));
  // Both: the time is the more exact one.
  expect(normaliseSubscription({ ...base, cancel_at: start + 60, cancel_at_period_end: true, items }).cancelAt).toEqual(
    seconds(start + 60),
  );
});

test("a discount is seen in either place", () => {
  const items = { object: "list", data: [newItem] };
  expect(normaliseSubscription({ ...base, discounts: ["di_1"], items }).discounted).toBe(true);
  expect(normaliseSubscription({ ...base, discount: { id: "di_1" }, items }).discounted).toBe(true);
});

test("what fits no known shape is refused", () => {
  const items = { object: "list", data: [newItem] };
  expect(() => normaliseSubscription({ ...base, items, status: "dormant" })).toThrow();
  expect(() => normaliseSubscription({ ...base, items: { object: "list", data: [] } })).toThrow(/no items/);
  expect(() => normaliseSubscription({ ...base, items: { object: "list", data: [oldItem] } })).toThrow();
  expect(() => normaliseInvoice({ id: "in_1", object: "invoice" })).toThrow();
});

const invoice = {
  id: "in_1",
  object: "invoice",
  customer: "cus_1",
  number: "A-0001",
  status: "open",
  created: start,
  due_date: null,
  status_transitions: { finalized_at: start + 3_600, paid_at: null },
  total: 2900,
  amount_paid: 1000,
  amount_remaining: 1900,
  currency: "usd",
  hosted_invoice_url: "https://stripe.invalid/i/1",
  invoice_pdf: null,
};

test.each(
  Object.entries({
    "2024, on the invoice": {
      ...invoice,
      subscription: "sub_1",
      subscription_details: { metadata: {} },
      paid: false,
      charge: null,
      payment_intent: "pi_1",
    },
    "2024, expanded": { ...invoice, subscription: { id: "sub_1", object: "subscription" } },
    "2026-10-28, with the customer's account and its payments": {
      ...invoice,
      customer_account: null,
      parent: {
        quote_details: null,
        subscription_details: { metadata: {}, subscription: { id: "sub_1", object: "subscription" } },
        type: "subscription_details",
      },
      payments: { object: "list", data: [{ id: "inpay_1", object: "invoice_payment", status: "open" }] },
    },
    "2025-03-31 and later, under parent": {
      ...invoice,
      parent: { type: "subscription_details", subscription_details: { subscription: "sub_1", metadata: {} } },
    },
  }),
)("an invoice's subscription is found: %s", (_name, shape) => {
  expect(normaliseInvoice(shape)).toEqual({
    id: "in_1",
    customerId: "cus_1",
    number: "A-0001",
    status: "open",
    subscriptionId: "sub_1",
    createdAt: seconds(start),
    dueSince: seconds(start + 3_600),
    totalCents: 2900,
    paidCents: 1000,
    openCents: 1900,
    currency: "usd",
    url: "https://stripe.invalid/i/1",
    pdfUrl: null,
  });
});

test("an invoice without a subscription, and one that is due by hand", () => {
  expect(normaliseInvoice({ ...invoice, parent: null }).subscriptionId).toBeNull();
  expect(normaliseInvoice({ ...invoice, due_date: end }).dueSince).toEqual(seconds(end));
});

const event = (object: object, version = "2026-10-28.endive") => ({
  id: "evt_1",
  object: "event",
  type: "x",
  api_version: version,
  data: { object },
});

test("an event tells whose it is and what it is about", () => {
  const whose = (object: object) => normaliseEvent(event(object)).customerId;
  expect(normaliseEvent(event({ object: "subscription", id: "sub_1", customer: "cus_1" }))).toEqual({
    id: "evt_1",
    type: "x",
    customerId: "cus_1",
    subjectId: "sub_1",
  });
  expect(whose({ object: "invoice", customer: { id: "cus_2" } })).toBe("cus_2");
  expect(whose({ object: "customer", id: "cus_3" })).toBe("cus_3");
  expect(whose({ object: "price", id: "price_1" })).toBeNull();
  expect(whose({ object: "discount", id: "di_1", customer: "cus_4" })).toBe("cus_4");
  // A charge without a customer, and a dispute, which names its charge only.
  expect(whose({ object: "charge", id: "ch_1", customer: null })).toBeNull();
  expect(normaliseEvent(event({ object: "dispute", id: "du_1", charge: "ch_1" }))).toMatchObject({
    customerId: null,
    subjectId: "du_1",
  });
});

test("the version of an event's payload makes no difference to it", () => {
  const told = ["2024-06-20", "2025-03-31.basil", "2026-10-28.endive"].map((version) =>
    normaliseEvent(event({ ...invoice, paid: true }, version)),
  );
  expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
});
