import { BASE, type Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { arrayOf, object, oneOf, required, str, uint, url, type Values } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId, randomText } from "../ids.ts";
import type { PortalSession, Subscription } from "../types.ts";
import { canSwitch, cannotSwitch } from "../pages/portal-frame.ts";
import { need } from "./find.ts";

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
    if (type !== "subscription_cancel" && !canSwitch(subscription)) throw invalid(cannotSwitch, path);
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

export const portalSessionRoutes: Route[] = [
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
];
