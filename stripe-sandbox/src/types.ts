// The types of what is stored and sent: Stripe's own declarations, brought to the form they have on the wire.
import type Stripe from "stripe";

type Primitive = string | number | boolean | bigint | null | undefined | void;

/** A list as Stripe sends it (the SDK's ApiList without its iteration helpers). */
export interface List<T> {
  object: "list";
  data: T[];
  has_more: boolean;
  url: string;
}

/** What the SDK declares, as JSON: decimals are strings, lists are plain, references are ids until they are expanded. */
export type Wire<T> = T extends Stripe.Decimal
  ? string
  : T extends Primitive
    ? T
    : T extends Stripe.ApiList<infer U>
      ? List<Wire<U>>
      : T extends readonly (infer U)[]
        ? WireField<U>[]
        : { [K in keyof T]: WireField<T[K]> };

type Reference = { id: string; object: string };

// `string | Customer | null` is stored as `string | null`; a field without a bare id among its choices is embedded.
type WireField<T> = string extends T ? Exclude<T, Reference | Stripe.Decimal> : Wire<T>;

/** An event as stored; `pending_webhooks` is counted when it is shown. */
export interface EventObject {
  id: string;
  object: "event";
  api_version: string;
  created: number;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

/** One event on its way to one endpoint. Times are real milliseconds, never a turned clock's. */
export interface Delivery {
  id: string;
  object: "sandbox.delivery";
  event: string;
  endpoint: string;
  status: "pending" | "delivered" | "failed" | "dropped" | "held";
  attempts: number;
  next_at: number;
  last_status: number | null;
  last_error: string | null;
}

/** What the card behind a payment method does; the number itself never shows in an API answer. */
export interface CardSecret {
  id: string;
  object: "sandbox.card";
  number: string;
  authenticated: boolean;
}

/** The parts of a checkout session that Stripe keeps to itself. */
export interface CheckoutSecret {
  id: string;
  object: "sandbox.checkout";
  items: { price: string; quantity: number | null }[];
  subscription_data: {
    metadata: Record<string, string>;
    trial_period_days: number | null;
    trial_end: number | null;
    description: string | null;
    missing_payment_method: "cancel" | "create_invoice" | "pause";
  };
  promotion_code: string | null;
  coupon: string | null;
  /** The card that waits for its bank's answer. */
  payment_method: string | null;
  /** One payment carries all attempts. */
  payment_intent: string | null;
}

export interface IdempotencyRecord {
  id: string;
  object: "sandbox.idempotency";
  fingerprint: string;
  status: number;
  body: string;
  at: number;
}

export interface Setting {
  id: string;
  object: "sandbox.setting";
  value: unknown;
}

/** An id that was given away and deleted since: Stripe still answers for it, with `deleted: true`. */
export interface Tombstone {
  id: string;
  object: "sandbox.deleted";
  of: string;
}

export interface EndpointSecret {
  id: string;
  object: "sandbox.secret";
  secret: string;
}

export type Customer = Wire<Stripe.Customer>;
export type Product = Wire<Stripe.Product>;
export type Price = Wire<Stripe.Price>;
export type Subscription = Wire<Stripe.Subscription>;
export type SubscriptionItem = Wire<Stripe.SubscriptionItem>;
export type Invoice = Wire<Stripe.Invoice>;
export type InvoiceLine = Wire<Stripe.InvoiceLineItem>;
export type InvoiceItem = Wire<Stripe.InvoiceItem>;
export type InvoicePayment = Wire<Stripe.InvoicePayment>;
export type PaymentMethod = Wire<Stripe.PaymentMethod>;
export type PaymentIntent = Wire<Stripe.PaymentIntent>;
export type SetupIntent = Wire<Stripe.SetupIntent>;
export type Charge = Wire<Stripe.Charge>;
export type Refund = Wire<Stripe.Refund>;
export type Dispute = Wire<Stripe.Dispute>;
export type Coupon = Wire<Stripe.Coupon>;
export type PromotionCode = Wire<Stripe.PromotionCode>;
export type Discount = Wire<Stripe.Discount>;
export type CheckoutSession = Wire<Stripe.Checkout.Session>;
export type LineItem = Wire<Stripe.LineItem>;
export type PortalSession = Wire<Stripe.BillingPortal.Session>;
export type PortalConfiguration = Wire<Stripe.BillingPortal.Configuration>;
export type WebhookEndpoint = Wire<Stripe.WebhookEndpoint>;
export type TestClock = Wire<Stripe.TestHelpers.TestClock>;
export type Meter = Wire<Stripe.Billing.Meter>;
export type MeterEvent = Wire<Stripe.Billing.MeterEvent> & { id: string };

/** Everything the store can hold, by the value of its `object` field. */
export interface Kinds {
  customer: Customer;
  product: Product;
  price: Price;
  subscription: Subscription;
  invoice: Invoice;
  invoiceitem: InvoiceItem;
  invoice_payment: InvoicePayment;
  payment_method: PaymentMethod;
  payment_intent: PaymentIntent;
  setup_intent: SetupIntent;
  charge: Charge;
  refund: Refund;
  dispute: Dispute;
  coupon: Coupon;
  promotion_code: PromotionCode;
  discount: Discount;
  "checkout.session": CheckoutSession;
  "billing_portal.session": PortalSession;
  "billing_portal.configuration": PortalConfiguration;
  webhook_endpoint: WebhookEndpoint;
  "test_helpers.test_clock": TestClock;
  "billing.meter": Meter;
  "billing.meter_event": MeterEvent;
  event: EventObject;
  "sandbox.delivery": Delivery;
  "sandbox.card": CardSecret;
  "sandbox.checkout": CheckoutSecret;
  "sandbox.idempotency": IdempotencyRecord;
  "sandbox.setting": Setting;
  "sandbox.deleted": Tombstone;
  "sandbox.secret": EndpointSecret;
}

export type Kind = keyof Kinds;
export type Stored = Kinds[Kind];
