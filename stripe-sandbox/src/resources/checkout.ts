import { BASE } from "../box.ts";
import { expireSession, priceSession } from "../billing/checkout.ts";
import { recurringPrice } from "../billing/subscription-item.ts";
import { invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import {
  arrayOf,
  bool,
  email,
  int,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  range,
  required,
  str,
  uint,
  url,
} from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId } from "../ids.ts";
import type { CheckoutSession } from "../types.ts";
import { need, newest } from "./find.ts";
import { lineItemsOf } from "./line-items.ts";

const DAY = 86_400;

const createFields = {
  allow_promotion_codes: bool,
  automatic_tax: object({ enabled: required(bool) }),
  billing_address_collection: oneOf("auto", "required"),
  cancel_url: url,
  client_reference_id: str,
  customer: str,
  customer_email: email,
  customer_update: object({ address: oneOf("auto", "never"), name: oneOf("auto", "never") }),
  discounts: arrayOf(object({ coupon: str, promotion_code: str })),
  expires_at: int,
  line_items: required(arrayOf(object({ price: required(str), quantity: uint }))),
  locale: str,
  metadata,
  mode: required(oneOf("subscription")),
  payment_method_collection: oneOf("always", "if_required"),
  payment_method_types: arrayOf(oneOf("card")),
  subscription_data: object({
    description: str,
    metadata,
    trial_end: int,
    trial_period_days: uint,
    trial_settings: object({
      end_behavior: required(object({ missing_payment_method: required(oneOf("cancel", "create_invoice", "pause")) })),
    }),
    billing_mode: object({ type: required(oneOf("flexible")) }),
  }),
  success_url: required(url),
  tax_id_collection: object({ enabled: required(bool) }),
  ui_mode: oneOf("hosted_page"),
};

export const checkoutRoutes: Route[] = [
  route("POST", "/v1/checkout/sessions", createFields, ({ box, params }) => {
    const customer = params.customer ? need(box, "customer", params.customer, "customer") : undefined;
    if (customer && params.customer_email) {
      throw invalid("You may only specify one of these parameters: customer, customer_email.", "customer_email");
    }
    if (params.discounts && params.allow_promotion_codes) {
      throw invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.", "discounts");
    }
    if (params.line_items.length === 0) throw invalid("`line_items` is required.", "line_items", "parameter_missing");
    for (const [index, item] of params.line_items.entries()) {
      const price = recurringPrice(box, item.price, `line_items[${index}][price]`);
      const metered = price.recurring.usage_type === "metered";
      if (metered === (item.quantity !== undefined)) {
        throw invalid(
          metered
            ? "Quantity should not be specified where usage_type is `metered`."
            : "Quantity is required. Add `quantity`.",
          `line_items[${index}][quantity]`,
        );
      }
    }
    const rhythms = params.line_items.map((item, index) => {
      const { recurring } = recurringPrice(box, item.price, `line_items[${index}][price]`);
      return `${recurring.interval} ${recurring.interval_count}`;
    });
    // Mixed intervals are for the Subscriptions API: https://docs.stripe.com/changelog/basil/2025-07-30/support-mixed-intervals
    if (new Set(rhythms).size > 1) {
      throw invalid(
        "Checkout does not currently support multiple prices with different billing intervals.",
        "line_items",
      );
    }
    const at = box.now(customer?.test_clock);
    const expires = params.expires_at ?? at + DAY;
    if (expires < at + 1800 || expires > at + DAY) {
      throw invalid("`expires_at` must be between 30 minutes and 24 hours from now.", "expires_at");
    }
    const [discount] = params.discounts ?? [];
    const id = newId("cs_test", 58);
    const taxed = params.automatic_tax?.enabled ?? false;
    box.store.put({
      id,
      object: "sandbox.checkout",
      items: params.line_items.map((item) => ({ price: item.price, quantity: item.quantity ?? null })),
      subscription_data: {
        metadata: mergeMetadata({}, params.subscription_data?.metadata),
        trial_period_days: params.subscription_data?.trial_period_days ?? null,
        trial_end: params.subscription_data?.trial_end ?? null,
        description: params.subscription_data?.description ?? null,
        missing_payment_method:
          params.subscription_data?.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
      },
      promotion_code: discount?.promotion_code ?? null,
      coupon: discount?.coupon ?? null,
      payment_method: null,
      payment_intent: null,
    });
    const session = box.store.put({
      id,
      object: "checkout.session",
      adaptive_pricing: { enabled: false },
      after_expiration: null,
      allow_promotion_codes: params.allow_promotion_codes ?? null,
      allowed_payment_method_types: null,
      amount_subtotal: null,
      amount_total: null,
      automatic_tax: {
        enabled: taxed,
        liability: taxed ? { type: "self" } : null,
        provider: taxed ? "stripe" : null,
        status: taxed ? "complete" : null,
      },
      billing_address_collection: params.billing_address_collection ?? null,
      cancel_url: params.cancel_url ?? null,
      client_reference_id: params.client_reference_id ?? null,
      client_secret: null,
      collected_information: null,
      consent: null,
      consent_collection: null,
      created: at,
      currency: null,
      currency_conversion: null,
      custom_fields: [],
      custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
      customer: customer?.id ?? null,
      customer_account: null,
      customer_creation: customer ? null : "always",
      customer_details: {
        address: null,
        business_name: null,
        email: customer?.email ?? params.customer_email ?? null,
        individual_name: null,
        name: null,
        phone: null,
        tax_exempt: "none",
        tax_ids: null,
      },
      customer_email: params.customer_email ?? null,
      discounts: (params.discounts ?? []).map((row) => ({
        coupon: row.coupon ?? null,
        promotion_code: row.promotion_code ?? null,
      })),
      expires_at: expires,
      integration_identifier: null,
      invoice: null,
      invoice_creation: null,
      livemode: false,
      locale: params.locale ?? null,
      managed_payments: null,
      metadata: mergeMetadata({}, params.metadata),
      mode: params.mode,
      origin_context: null,
      payment_intent: null,
      payment_link: null,
      payment_method_collection: params.payment_method_collection ?? "always",
      payment_method_configuration_details: null,
      payment_method_options: { card: { request_three_d_secure: "automatic" } },
      payment_method_types: ["card"],
      payment_status: "unpaid",
      permissions: null,
      phone_number_collection: { enabled: false },
      recovered_from: null,
      saved_payment_method_options: {
        allow_redisplay_filters: ["always"],
        payment_method_remove: "disabled",
        payment_method_save: null,
      },
      setup_intent: null,
      shipping_address_collection: null,
      shipping_cost: null,
      shipping_options: [],
      status: "open",
      submit_type: null,
      subscription: null,
      success_url: params.success_url,
      total_details: null,
      ui_mode: "hosted_page",
      url: `${BASE}/c/pay/${id}`,
      wallet_options: null,
    } satisfies CheckoutSession);
    return priceSession(box, session);
  }),
  route(
    "GET",
    "/v1/checkout/sessions",
    {
      ...paging,
      created: range,
      customer: str,
      customer_details: object({ email: required(str) }),
      status: oneOf("open", "complete", "expired"),
      subscription: str,
      payment_intent: str,
    },
    ({ box, params }) =>
      page(
        newest(
          box,
          "checkout.session",
          (row) =>
            (!params.customer || row.customer === params.customer) &&
            (!params.created || params.created(row.created)) &&
            (!params.status || row.status === params.status) &&
            (!params.subscription || row.subscription === params.subscription) &&
            (!params.payment_intent || row.payment_intent === params.payment_intent) &&
            (!params.customer_details || row.customer_details?.email === params.customer_details.email),
        ),
        params,
        "/v1/checkout/sessions",
        "checkout.session",
      ),
  ),
  route("GET", "/v1/checkout/sessions/:id", {}, ({ box, ids: [id] }) => need(box, "checkout.session", id)),
  route("POST", "/v1/checkout/sessions/:id", { metadata }, ({ box, params, ids: [id] }) => {
    const before = need(box, "checkout.session", id);
    return box.store.put({ ...before, metadata: mergeMetadata(before.metadata ?? {}, params.metadata) });
  }),
  route("POST", "/v1/checkout/sessions/:id/expire", {}, ({ box, ids: [id] }) =>
    expireSession(box, need(box, "checkout.session", id)),
  ),
  route("GET", "/v1/checkout/sessions/:id/line_items", paging, ({ box, params, ids: [id] }) => {
    need(box, "checkout.session", id);
    return page(lineItemsOf(box, id), params, `/v1/checkout/sessions/${id}/line_items`, "item");
  }),
];
