import type { Box } from "../box.ts";
import { missing } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { arrayOf, email, emptyable, int, mergeMetadata, metadata, object, oneOf, range, str } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId, randomText } from "../ids.ts";
import { cancelNow } from "../billing/lifecycle.ts";
import type { Customer } from "../types.ts";
import { need, newest } from "./find.ts";
import { methodByIdOrToken } from "./payment-methods.ts";
import { attach } from "../billing/methods.ts";

export const address = object({
  city: emptyable(str),
  country: emptyable(str),
  line1: emptyable(str),
  line2: emptyable(str),
  postal_code: emptyable(str),
  state: emptyable(str),
});
const NO_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

const editable = {
  address: emptyable(address),
  balance: int,
  description: emptyable(str),
  email: emptyable(email),
  invoice_settings: object({ default_payment_method: emptyable(str), footer: emptyable(str) }),
  metadata,
  name: emptyable(str),
  phone: emptyable(str),
  preferred_locales: arrayOf(str),
  tax_exempt: oneOf("none", "exempt", "reverse"),
};

/** A new customer as Stripe makes it from an e-mail alone. Must run inside a change. */
export function createCustomer(box: Box, fields: Partial<Customer> = {}): Customer {
  const customer = box.store.put({
    id: newId("cus", 14),
    object: "customer",
    address: null,
    balance: 0,
    created: box.now(fields.test_clock),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
    ...fields,
  } satisfies Customer);
  box.emit("customer.created", customer);
  return customer;
}

export const customerRoutes: Route[] = [
  route("POST", "/v1/customers", { ...editable, payment_method: str, test_clock: str }, ({ box, params }) => {
    const { payment_method, invoice_settings, metadata: sent, address: home, ...plain } = params;
    if (plain.test_clock) need(box, "test_helpers.test_clock", plain.test_clock, "test_clock");
    const customer = createCustomer(box, {
      ...plain,
      ...(home && { address: { ...NO_ADDRESS, ...home } }),
      metadata: mergeMetadata({}, sent),
    });
    if (payment_method) attach(box, methodByIdOrToken(box, payment_method, "payment_method"), customer.id);
    return settings(box, need(box, "customer", customer.id), invoice_settings);
  }),
  route("GET", "/v1/customers", { ...paging, created: range, email: str, test_clock: str }, ({ box, params }) => {
    const rows = newest(
      box,
      "customer",
      (row) =>
        (!params.email || row.email === params.email) &&
        (!params.created || params.created(row.created)) &&
        // Customers of a test clock show only in the list of their clock, as at Stripe.
        (row.test_clock ?? null) === (params.test_clock ?? null),
    );
    return page(rows, params, "/v1/customers", "customer");
  }),
  route("GET", "/v1/customers/:id", {}, ({ box, ids: [id] }) => {
    const gone = box.store.get("sandbox.deleted", id);
    return gone ? { id, object: "customer", deleted: true } : need(box, "customer", id);
  }),
  route("POST", "/v1/customers/:id", editable, ({ box, params, ids: [id] }) => {
    if (box.store.get("sandbox.deleted", id)) throw missing("customer", id);
    const before = need(box, "customer", id);
    const { invoice_settings, metadata: sent, address: home, ...plain } = params;
    const given = invoice_settings?.default_payment_method;
    if (given) belongs(box, given, id);
    return box.update("customer.updated", before, {
      ...plain,
      ...(home !== undefined && { address: home && { ...NO_ADDRESS, ...home } }),
      ...(invoice_settings && { invoice_settings: { ...before.invoice_settings, ...invoice_settings } }),
      metadata: mergeMetadata(before.metadata, sent),
    });
  }),
  route("DELETE", "/v1/customers/:id", {}, ({ box, ids: [id] }) => {
    const customer = need(box, "customer", id);
    for (const subscription of newest(box, "subscription", (row) => row.customer === id && !row.ended_at)) {
      cancelNow(box, subscription, "cancellation_requested");
    }
    for (const invoice of newest(box, "invoice", (row) => row.customer === id && row.auto_advance === true)) {
      box.store.put({ ...invoice, auto_advance: false, next_payment_attempt: null });
    }
    box.store.remove("customer", id);
    box.store.put({ id, object: "sandbox.deleted", of: "customer" });
    box.emit("customer.deleted", customer);
    return { id, object: "customer", deleted: true };
  }),
  route("GET", "/v1/customers/:id/payment_methods", { ...paging, type: str }, ({ box, params, ids: [id] }) => {
    need(box, "customer", id);
    const rows = newest(
      box,
      "payment_method",
      (row) => row.customer === id && (!params.type || row.type === params.type),
    );
    return page(rows, params, `/v1/customers/${id}/payment_methods`, "PaymentMethod");
  }),
];

function belongs(box: Box, method: string, customer: string) {
  const found = box.store.get("payment_method", method);
  if (found?.customer !== customer) {
    throw missing("PaymentMethod", method, "invoice_settings[default_payment_method]");
  }
}

function settings(
  box: Box,
  customer: Customer,
  sent: { default_payment_method?: string | null; footer?: string | null } | undefined,
): Customer {
  if (!sent) return customer;
  if (sent.default_payment_method) belongs(box, sent.default_payment_method, customer.id);
  return box.store.put({ ...customer, invoice_settings: { ...customer.invoice_settings, ...sent } });
}
