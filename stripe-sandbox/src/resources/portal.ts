import { BASE, type Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import {
  arrayOf,
  bool,
  emptyable,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  required,
  str,
  uint,
  url,
  type Values,
} from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId, randomText } from "../ids.ts";
import type { PortalConfiguration, PortalSession, Subscription } from "../types.ts";
import { need, newest } from "./find.ts";

const MOST_PRODUCTS = 10;
const reasons = oneOf(
  "customer_service",
  "low_quality",
  "missing_features",
  "other",
  "switched_service",
  "too_complex",
  "too_expensive",
  "unused",
);

const features = object({
  customer_update: object({
    allowed_updates: emptyable(arrayOf(oneOf("address", "email", "name", "phone", "shipping", "tax_id"))),
    enabled: bool,
  }),
  invoice_history: object({ enabled: required(bool) }),
  payment_method_update: object({ enabled: required(bool) }),
  subscription_cancel: object({
    cancellation_reason: object({ enabled: required(bool), options: emptyable(arrayOf(reasons)) }),
    enabled: required(bool),
    mode: oneOf("at_period_end", "immediately"),
    proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
  }),
  subscription_update: object({
    billing_cycle_anchor: oneOf("now", "unchanged"),
    default_allowed_updates: emptyable(arrayOf(oneOf("price", "promotion_code", "quantity"))),
    enabled: bool,
    products: emptyable(
      arrayOf(
        object({
          prices: required(arrayOf(str)),
          product: required(str),
          adjustable_quantity: object({ enabled: required(bool), maximum: uint, minimum: uint }),
        }),
      ),
    ),
    proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
  }),
});

const configurationFields = {
  business_profile: object({
    headline: emptyable(str),
    privacy_policy_url: emptyable(url),
    terms_of_service_url: emptyable(url),
  }),
  default_return_url: emptyable(url),
  features,
  metadata,
  name: emptyable(str),
};

const NOTHING: PortalConfiguration["features"] = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: {
      enabled: false,
      feedback_options: null,
      options: ["too_expensive", "missing_features", "switched_service", "unused", "other"],
    },
    enabled: false,
    mode: "at_period_end",
    proration_behavior: "none",
  },
  subscription_pause: { duration: { interval_options: [], type: "indefinite" }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: "unchanged",
    default_allowed_updates: [],
    enabled: false,
    products: [],
    proration_behavior: "none",
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: "end_trial",
  },
};

function featuresWith(
  box: Box,
  before: PortalConfiguration["features"],
  sent: Values<typeof configurationFields>["features"],
) {
  const { customer_update: customer, subscription_cancel: cancel, subscription_update: update, ...rest } = sent ?? {};
  for (const [index, offer] of (update?.products ?? []).entries()) {
    const at = `features[subscription_update][products][${index}]`;
    need(box, "product", offer.product, `${at}[product]`);
    for (const id of offer.prices) {
      const price = need(box, "price", id, `${at}[prices]`);
      if (price.product !== offer.product) {
        throw invalid(`The price ${id} does not belong to the product ${offer.product}.`, `${at}[prices]`);
      }
    }
  }
  if ((update?.products?.length ?? 0) > MOST_PRODUCTS) {
    throw invalid("The portal can offer at most 10 products.", "features[subscription_update][products]");
  }
  const { products, default_allowed_updates: allowed, ...plainUpdate } = update ?? {};
  const { cancellation_reason: reason, ...plainCancel } = cancel ?? {};
  return {
    ...before,
    ...(rest.invoice_history && { invoice_history: rest.invoice_history }),
    ...(rest.payment_method_update && {
      payment_method_update: { ...before.payment_method_update, ...rest.payment_method_update },
    }),
    customer_update: {
      allowed_updates: customer?.allowed_updates ?? before.customer_update.allowed_updates,
      enabled: customer?.enabled ?? before.customer_update.enabled,
    },
    subscription_cancel: {
      ...before.subscription_cancel,
      ...plainCancel,
      cancellation_reason: {
        ...before.subscription_cancel.cancellation_reason,
        ...(reason && { enabled: reason.enabled, options: reason.options ?? [] }),
      },
    },
    subscription_update: {
      ...before.subscription_update,
      ...plainUpdate,
      ...(allowed !== undefined && { default_allowed_updates: allowed ?? [] }),
      ...(products !== undefined && {
        products: (products ?? []).map(({ adjustable_quantity: quantity, ...offer }) => ({
          ...offer,
          adjustable_quantity: {
            enabled: quantity?.enabled ?? false,
            maximum: quantity?.maximum ?? null,
            minimum: quantity?.minimum ?? 1,
          },
        })),
      }),
    },
  } satisfies PortalConfiguration["features"];
}

/** Must run inside a change. The first one made is the default, as the one saved in Stripe's dashboard would be. */
function createConfiguration(box: Box, params: Values<typeof configurationFields>): PortalConfiguration {
  const at = box.now();
  return box.store.put({
    id: newId("bpc"),
    object: "billing_portal.configuration",
    active: true,
    application: null,
    business_profile: {
      headline: null,
      privacy_policy_url: null,
      terms_of_service_url: null,
      ...params.business_profile,
    },
    created: at,
    default_return_url: params.default_return_url ?? null,
    features: featuresWith(box, NOTHING, params.features),
    is_default: !box.store.all("billing_portal.configuration").some((row) => row.is_default),
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    updated: at,
  } satisfies PortalConfiguration);
}

const after = object({
  type: required(oneOf("hosted_confirmation", "portal_homepage", "redirect")),
  hosted_confirmation: object({ custom_message: str }),
  redirect: object({ return_url: required(url) }),
});

const flowData = object({
  after_completion: after,
  subscription_cancel: object({ subscription: required(str) }),
  subscription_update: object({ subscription: required(str) }),
  subscription_update_confirm: object({
    discounts: arrayOf(object({ coupon: str, promotion_code: str })),
    items: required(arrayOf(object({ id: required(str), price: str, quantity: uint }))),
    subscription: required(str),
  }),
  type: required(
    oneOf("payment_method_update", "subscription_cancel", "subscription_update", "subscription_update_confirm"),
  ),
});

function flowOf(box: Box, customer: string, flow: Values<{ flow: typeof flowData }>["flow"]): PortalSession["flow"] {
  if (!flow) return null;
  const { type } = flow;
  const path = `flow_data[${type}][subscription]`;
  const detail = type === "payment_method_update" ? undefined : flow[type];
  let subscription: Subscription | undefined;
  if (type !== "payment_method_update") {
    if (!detail)
      throw invalid(`Missing required param: flow_data[${type}].`, `flow_data[${type}]`, "parameter_missing");
    subscription = need(box, "subscription", detail.subscription, path);
    if (subscription.customer !== customer)
      throw invalid(`No such subscription: '${subscription.id}'`, path, "resource_missing");
    if (subscription.ended_at) throw invalid("This subscription has already ended, so it cannot be changed.", path);
    if (type === "subscription_cancel" && subscription.cancel_at !== null) {
      throw invalid("This subscription is already set to be canceled.", path);
    }
  }
  const confirm = flow.subscription_update_confirm;
  for (const [index, item] of (confirm?.items ?? []).entries()) {
    const at = `flow_data[subscription_update_confirm][items][${index}]`;
    if (!subscription?.items.data.some((row) => row.id === item.id))
      throw invalid(`No such subscription item: '${item.id}'`, `${at}[id]`);
    if (item.price) need(box, "price", item.price, `${at}[price]`);
  }
  const done = flow.after_completion;
  return {
    after_completion: {
      hosted_confirmation: done?.hosted_confirmation
        ? { custom_message: done.hosted_confirmation.custom_message ?? null }
        : null,
      redirect: done?.redirect ?? null,
      type: done?.type ?? "portal_homepage",
    },
    customer_update: null,
    subscription_cancel: flow.subscription_cancel ? { retention: null, ...flow.subscription_cancel } : null,
    subscription_pause: null,
    subscription_update: flow.subscription_update ?? null,
    subscription_update_confirm: confirm
      ? {
          discounts:
            confirm.discounts?.map((row) => ({
              coupon: row.coupon ?? null,
              promotion_code: row.promotion_code ?? null,
            })) ?? null,
          items: confirm.items.map((item) => ({
            id: item.id,
            price: item.price ?? null,
            ...(item.quantity !== undefined && { quantity: item.quantity }),
          })),
          subscription: confirm.subscription,
        }
      : null,
    type,
  };
}

export const portalRoutes: Route[] = [
  route(
    "POST",
    "/v1/billing_portal/sessions",
    { configuration: str, customer: required(str), flow_data: flowData, locale: str, return_url: url },
    ({ box, params }) => {
      const customer = need(box, "customer", params.customer, "customer");
      const configuration = params.configuration
        ? need(box, "billing_portal.configuration", params.configuration, "configuration")
        : box.store.all("billing_portal.configuration").find((row) => row.is_default);
      if (!configuration) {
        throw invalid(
          "No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by making one with billing_portal.configurations.create.",
        );
      }
      const session = box.store.put({
        id: newId("bps"),
        object: "billing_portal.session",
        configuration: configuration.id,
        created: box.now(),
        customer: customer.id,
        customer_account: null,
        flow: flowOf(box, customer.id, params.flow_data),
        livemode: false,
        locale: params.locale ?? null,
        on_behalf_of: null,
        return_url: params.return_url ?? configuration.default_return_url,
        url: `${BASE}/p/session/test_${randomText(40)}`,
      } satisfies PortalSession);
      box.emit("billing_portal.session.created", session);
      return session;
    },
  ),
  route(
    "POST",
    "/v1/billing_portal/configurations",
    { ...configurationFields, features: required(features) },
    ({ box, params }) => {
      const made = createConfiguration(box, params);
      box.emit("billing_portal.configuration.created", made);
      return made;
    },
  ),
  route("GET", "/v1/billing_portal/configurations", { ...paging, active: bool, is_default: bool }, ({ box, params }) =>
    page(
      newest(
        box,
        "billing_portal.configuration",
        (row) =>
          (params.active === undefined || row.active === params.active) &&
          (params.is_default === undefined || row.is_default === params.is_default),
      ),
      params,
      "/v1/billing_portal/configurations",
      "configuration",
    ),
  ),
  route("GET", "/v1/billing_portal/configurations/:id", {}, ({ box, ids: [id] }) =>
    need(box, "billing_portal.configuration", id),
  ),
  route(
    "POST",
    "/v1/billing_portal/configurations/:id",
    { ...configurationFields, active: bool },
    ({ box, params, ids: [id] }) => {
      const before = need(box, "billing_portal.configuration", id);
      const { business_profile: profile, features: sent, metadata: marks, ...plain } = params;
      return box.update("billing_portal.configuration.updated", before, {
        ...plain,
        business_profile: { ...before.business_profile, ...profile },
        features: featuresWith(box, before.features, sent),
        metadata: mergeMetadata(before.metadata ?? {}, marks),
        updated: box.now(),
      });
    },
  ),
];
