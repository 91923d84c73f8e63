import { z } from "zod";

/**
 * One shape for what Stripe sends, whichever API version wrote it (2024 to 2026). Requests are pinned to the SDK's
 * version, but webhooks carry the version of their endpoint and old payloads lie in the event log.
 * Anything that none of the known shapes fits throws: guessing about money is worse than stopping.
 */

/** A reference is an id, or the object itself where it was expanded. */
const reference = z
  .union([z.string(), z.object({ id: z.string() })])
  .transform((value) => (typeof value === "string" ? value : value.id));
const moment = z.int().transform((seconds) => new Date(seconds * 1_000));
const listOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item) }).transform(({ data }) => data);

export const subscriptionStatuses = [
  "active",
  "trialing",
  "past_due",
  "canceled",
  "unpaid",
  "incomplete",
  "incomplete_expired",
  "paused",
] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

export interface StripePrice {
  id: string;
  lookupKey: string | null;
  metadata: Record<string, string>;
  /** Cents; `null` for tiered or fractional prices, which we never make. */
  unitCents: number | null;
  /** How often it is charged; `null` where it is charged once. */
  interval: "day" | "week" | "month" | "year" | null;
}

export interface StripeSubscription {
  id: string;
  customerId: string;
  status: SubscriptionStatus;
  createdAt: Date;
  /** When it will end by a cancellation, scheduled in either way; `null` where none is. */
  cancelAt: Date | null;
  latestInvoiceId: string | null;
  /** A coupon or promotion code lowers what is charged. */
  discounted: boolean;
  items: [StripeItem, ...StripeItem[]];
}

export interface StripeItem {
  id: string;
  price: StripePrice;
  quantity: number;
  periodStart: Date;
  periodEnd: Date;
}

const price = z
  .object({
    id: z.string(),
    lookup_key: z.string().nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
    unit_amount: z.int().nullish(),
    recurring: z.object({ interval: z.enum(["day", "week", "month", "year"]) }).nullish(),
  })
  .transform(({ id, lookup_key, metadata, unit_amount, recurring }): StripePrice => ({
    id,
    lookupKey: lookup_key ?? null,
    metadata: metadata ?? {},
    unitCents: unit_amount ?? null,
    interval: recurring?.interval ?? null,
  }));

const rawSubscription = z.object({
  id: z.string(),
  object: z.literal("subscription"),
  customer: reference,
  status: z.enum(subscriptionStatuses),
  created: moment,
  cancel_at: moment.nullish(),
  cancel_at_period_end: z.boolean().nullish(),
  latest_invoice: reference.nullish(),
  // Until 2024 one `discount`, then a list.
  discount: z.unknown().optional(),
  discounts: z.array(z.unknown()).nullish(),
  // Until 2025-03-31 (basil) the period stood on the subscription, since then on each item.
  current_period_start: moment.nullish(),
  current_period_end: moment.nullish(),
  items: listOf(
    z.object({
      id: z.string(),
      price,
      quantity: z.int().nullish(),
      current_period_start: moment.nullish(),
      current_period_end: moment.nullish(),
    }),
  ),
});

/** A subscription of any known API version in one shape. Throws a ZodError where it fits none. */
export function normaliseSubscription(input: unknown): StripeSubscription {
  const raw = rawSubscription.parse(input);
  const items = raw.items.map((item): StripeItem => ({
    id: item.id,
    price: item.price,
    quantity: item.quantity ?? 1,
    periodStart: z.date().parse(item.current_period_start ?? raw.current_period_start),
    periodEnd: z.date().parse(item.current_period_end ?? raw.current_period_end),
  }));
  const first = items[0];
  if (!first) throw new Error(`subscription ${raw.id} has no items`);
  return {
    id: raw.id,
    customerId: raw.customer,
    status: raw.status,
    createdAt: raw.created,
    // Classic billing sets the flag, flexible billing (default since 2025-09) sets the time.
    cancelAt: raw.cancel_at ?? (raw.cancel_at_period_end ? first.periodEnd : null),
    latestInvoiceId: raw.latest_invoice ?? null,
    discounted: (raw.discounts ?? []).length > 0 || (raw.discount ?? null) !== null,
    items: [first, ...items.slice(1)],
  };
}

export const invoiceStatuses = ["draft", "open", "paid", "uncollectible", "void"] as const;

export interface StripeInvoice {
  id: string;
  customerId: string | null;
  number: string | null;
  status: (typeof invoiceStatuses)[number];
  subscriptionId: string | null;
  createdAt: Date;
  /** When Stripe first tried to collect it, or was to be paid by hand; `null` for a draft. */
  dueSince: Date | null;
  totalCents: number;
  /** What was paid with money, not covered by credit. */
  paidCents: number;
  /** What is left to pay. */
  openCents: number;
  currency: string;
  url: string | null;
  pdfUrl: string | null;
}

const rawInvoice = z.object({
  id: z.string(),
  object: z.literal("invoice"),
  customer: reference.nullish(),
  number: z.string().nullish(),
  status: z.enum(invoiceStatuses),
  created: moment,
  due_date: moment.nullish(),
  status_transitions: z.object({ finalized_at: moment.nullish() }).nullish(),
  total: z.int(),
  amount_paid: z.int(),
  amount_remaining: z.int(),
  currency: z.string(),
  hosted_invoice_url: z.string().nullish(),
  invoice_pdf: z.string().nullish(),
  // Until 2025-03-31 (basil) here, since then under `parent`.
  subscription: reference.nullish(),
  parent: z.object({ subscription_details: z.object({ subscription: reference }).nullish() }).nullish(),
});

/** An invoice of any known API version in one shape. Throws a ZodError where it fits none. */
export function normaliseInvoice(input: unknown): StripeInvoice {
  const raw = rawInvoice.parse(input);
  return {
    id: raw.id,
    customerId: raw.customer ?? null,
    number: raw.number ?? null,
    status: raw.status,
    subscriptionId: raw.parent?.subscription_details?.subscription ?? raw.subscription ?? null,
    createdAt: raw.created,
    dueSince: raw.due_date ?? raw.status_transitions?.finalized_at ?? null,
    totalCents: raw.total,
    paidCents: raw.amount_paid,
    openCents: raw.amount_remaining,
    currency: raw.currency,
    url: raw.hosted_invoice_url ?? null,
    pdfUrl: raw.invoice_pdf ?? null,
  };
}

const rawEvent = z.object({
  id: z.string(),
  type: z.string(),
  data: z.object({
    object: z.looseObject({ object: z.string().nullish(), id: z.string().nullish(), customer: reference.nullish() }),
  }),
});

export interface StripeEvent {
  id: string;
  type: string;
  /** Whose event it is; `null` where it is nobody's, e.g. a price. */
  customerId: string | null;
  /** The object that it is about. */
  subjectId: string | null;
}

/** What we need of an event. The rest of its payload is a hint at most (money.md, section 4). */
export function normaliseEvent(input: unknown): StripeEvent {
  const { id, type, data } = rawEvent.parse(input);
  const itself = data.object.object === "customer" ? (data.object.id ?? null) : null;
  return { id, type, customerId: data.object.customer ?? itself, subjectId: data.object.id ?? null };
}
