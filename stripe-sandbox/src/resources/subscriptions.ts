import type { Box } from "../box.ts";
import { cancelNow } from "../billing/lifecycle.ts";
import { subscribe } from "../billing/subscribe.ts";
import { recurringPrice } from "../billing/subscription-item.ts";
import { changeSubscription } from "../billing/change.ts";
import { invalid, missing } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { bool, mergeMetadata, oneOf, range, str } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import type { Subscription } from "../types.ts";
import { need, newest } from "./find.ts";
import { cancellationDetails, subscriptionCreate, subscriptionUpdate } from "./subscription-params.ts";
import { methodByIdOrToken } from "./payment-methods.ts";

function methodOf(box: Box, id: string | null | undefined, customer: string): string | null {
  if (!id) return null;
  const method = methodByIdOrToken(box, id, "default_payment_method");
  if (method.customer !== customer) {
    throw invalid(
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
      "default_payment_method",
      "resource_missing",
    );
  }
  return method.id;
}

export const subscriptionRoutes: Route[] = [
  route("POST", "/v1/subscriptions", subscriptionCreate, ({ box, params }) => {
    const customer = need(box, "customer", params.customer, "customer");
    const at = box.nowFor(customer.id);
    if (params.trial_end !== undefined && params.trial_period_days !== undefined) {
      throw invalid("You may only specify one of these parameters: trial_end, trial_period_days.", "trial_end");
    }
    if (typeof params.trial_end === "number" && params.trial_end <= at) {
      throw invalid("The trial end must be in the future.", "trial_end");
    }
    if (params.cancel_at !== undefined && params.cancel_at <= at) {
      throw invalid("cancel_at must be in the future.", "cancel_at");
    }
    params.items.forEach((item, index) => recurringPrice(box, item.price, `items[${index}][price]`));
    const days = params.trial_period_days ? at + params.trial_period_days * 86_400 : null;
    return subscribe(
      box,
      {
        customer: customer.id,
        items: params.items.map(({ metadata: sent, ...item }) => ({ ...item, metadata: mergeMetadata({}, sent) })),
        metadata: mergeMetadata({}, params.metadata),
        discounts: params.discounts ?? [],
        description: params.description ?? null,
        default_payment_method: methodOf(box, params.default_payment_method, customer.id),
        trial_end: typeof params.trial_end === "number" ? params.trial_end : days,
        cancel_at: params.cancel_at ?? null,
        cancel_at_period_end: params.cancel_at_period_end ?? false,
        missing_payment_method: params.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
        automatic_tax: params.automatic_tax?.enabled ?? false,
        session: null,
      },
      params.payment_behavior ?? "allow_incomplete",
    );
  }),
  route(
    "GET",
    "/v1/subscriptions",
    {
      ...paging,
      created: range,
      customer: str,
      price: str,
      status: oneOf(
        "all",
        "ended",
        "active",
        "canceled",
        "incomplete",
        "incomplete_expired",
        "past_due",
        "paused",
        "trialing",
        "unpaid",
      ),
      test_clock: str,
    },
    ({ box, params }) => {
      const wanted = (row: Subscription) => {
        if (params.status === "all") return true;
        if (params.status === "ended") return row.ended_at !== null;
        return params.status ? row.status === params.status : row.status !== "canceled";
      };
      const rows = newest(
        box,
        "subscription",
        (row) =>
          wanted(row) &&
          (!params.customer || row.customer === params.customer) &&
          (!params.created || params.created(row.created)) &&
          // Those on a test clock show only when their clock or their customer is asked for, as at Stripe.
          (params.customer !== undefined || (row.test_clock ?? null) === (params.test_clock ?? null)) &&
          (!params.price || row.items.data.some((item) => item.price.id === params.price)),
      );
      return page(rows, params, "/v1/subscriptions", "subscription");
    },
  ),
  route("GET", "/v1/subscriptions/:id", {}, ({ box, ids: [id] }) => need(box, "subscription", id)),
  route("POST", "/v1/subscriptions/:id", subscriptionUpdate, ({ box, params, ids: [id] }) => {
    const before = need(box, "subscription", id);
    const { default_payment_method: method, ...rest } = params;
    return changeSubscription(box, before, {
      ...rest,
      ...(method !== undefined && { default_payment_method: methodOf(box, method, before.customer) }),
    });
  }),
  route(
    "DELETE",
    "/v1/subscriptions/:id",
    { cancellation_details: cancellationDetails, invoice_now: bool, prorate: bool },
    ({ box, params, ids: [id] }) => {
      const before = need(box, "subscription", id);
      if (before.ended_at) {
        throw missing("subscription", id);
      }
      const noted: Subscription = params.cancellation_details
        ? {
            ...before,
            cancellation_details: {
              comment: null,
              feedback: null,
              feedback_option: null,
              reason: null,
              ...before.cancellation_details,
              ...params.cancellation_details,
            },
          }
        : before;
      return cancelNow(box, noted, "cancellation_requested", {
        invoiceNow: params.invoice_now ?? false,
        prorate: params.prorate ?? false,
      });
    },
  ),
];
