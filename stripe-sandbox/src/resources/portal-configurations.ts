import { type Box } from "../box.ts";
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
import { newId } from "../ids.ts";
import type { PortalConfiguration } from "../types.ts";
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

export const portalConfigurationRoutes: Route[] = [
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
