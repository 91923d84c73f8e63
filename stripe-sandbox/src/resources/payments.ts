import { closeDispute, refundCharge } from "../billing/disputes.ts";
import { attemptPayment, createIntent } from "../billing/payments.ts";
import type { Box } from "../box.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { arrayOf, bool, mergeMetadata, metadata, object, oneOf, range, required, str, uint } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import type { PaymentIntent } from "../types.ts";
import { need, newest } from "./find.ts";
import { methodByIdOrToken } from "./payment-methods.ts";

function confirm(box: Box, intent: PaymentIntent, method: string | undefined, offSession: boolean): PaymentIntent {
  if (intent.status === "succeeded" || intent.status === "canceled") {
    throw invalid(
      `This PaymentIntent's status is ${intent.status}, so it cannot be confirmed.`,
      undefined,
      "payment_intent_unexpected_state",
    );
  }
  const id = method ?? intent.payment_method;
  if (!id)
    throw invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", "payment_method");
  const card = methodByIdOrToken(box, id, "payment_method");
  const at = box.nowFor(intent.customer);
  const { intent: after, decline } = attemptPayment(box, intent, card, { present: !offSession, at });
  if (decline) {
    const { message, ...fields } = decline;
    const charge = after.latest_charge ?? "";
    throw new StripeError(
      402,
      "card_error",
      message,
      { ...fields, charge, payment_intent: after, payment_method: card },
      true,
    );
  }
  return after;
}

export const paymentRoutes: Route[] = [
  route(
    "POST",
    "/v1/payment_intents",
    {
      amount: required(uint),
      automatic_payment_methods: object({ enabled: required(bool), allow_redirects: oneOf("always", "never") }),
      confirm: bool,
      currency: required(str),
      customer: str,
      description: str,
      metadata,
      off_session: bool,
      payment_method: str,
      payment_method_types: arrayOf(oneOf("card")),
      setup_future_usage: oneOf("off_session", "on_session"),
    },
    ({ box, params }) => {
      if (params.customer) need(box, "customer", params.customer, "customer");
      if (params.amount < 50) {
        throw invalid("Amount must be at least $0.50 usd", "amount", "amount_too_small");
      }
      const at = box.nowFor(params.customer ?? null);
      const made = createIntent(box, {
        amount: params.amount,
        currency: params.currency.toLowerCase(),
        customer: params.customer ?? null,
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
        at,
      });
      if (params.confirm) return confirm(box, made, params.payment_method, params.off_session ?? false);
      if (!params.payment_method) return made;
      const method = methodByIdOrToken(box, params.payment_method, "payment_method");
      return box.store.put({ ...made, payment_method: method.id, status: "requires_confirmation" });
    },
  ),
  route("GET", "/v1/payment_intents", { ...paging, created: range, customer: str }, ({ box, params }) =>
    page(
      newest(
        box,
        "payment_intent",
        (row) =>
          (!params.customer || row.customer === params.customer) && (!params.created || params.created(row.created)),
      ),
      params,
      "/v1/payment_intents",
      "payment_intent",
    ),
  ),
  route("GET", "/v1/payment_intents/:id", { client_secret: str }, ({ box, ids: [id] }) =>
    need(box, "payment_intent", id),
  ),
  route(
    "POST",
    "/v1/payment_intents/:id/confirm",
    { off_session: bool, payment_method: str, return_url: str },
    ({ box, params, ids: [id] }) =>
      confirm(box, need(box, "payment_intent", id), params.payment_method, params.off_session ?? false),
  ),
  route(
    "POST",
    "/v1/payment_intents/:id/cancel",
    { cancellation_reason: oneOf("duplicate", "fraudulent", "requested_by_customer", "abandoned") },
    ({ box, params, ids: [id] }) => {
      const before = need(box, "payment_intent", id);
      if (before.status === "succeeded" || before.status === "canceled") {
        throw invalid(
          `You cannot cancel this PaymentIntent because it has a status of ${before.status}.`,
          undefined,
          "payment_intent_unexpected_state",
        );
      }
      const after = box.store.put({
        ...before,
        canceled_at: box.nowFor(before.customer),
        cancellation_reason: params.cancellation_reason ?? null,
        status: "canceled",
      });
      box.emit("payment_intent.canceled", after);
      return after;
    },
  ),
  route("GET", "/v1/charges", { ...paging, created: range, customer: str, payment_intent: str }, ({ box, params }) =>
    page(
      newest(
        box,
        "charge",
        (row) =>
          (!params.customer || row.customer === params.customer) &&
          (!params.payment_intent || row.payment_intent === params.payment_intent) &&
          (!params.created || params.created(row.created)),
      ),
      params,
      "/v1/charges",
      "charge",
    ),
  ),
  route("GET", "/v1/charges/:id", {}, ({ box, ids: [id] }) => need(box, "charge", id)),
  route(
    "POST",
    "/v1/refunds",
    {
      amount: uint,
      charge: str,
      metadata,
      payment_intent: str,
      reason: oneOf("duplicate", "fraudulent", "requested_by_customer"),
    },
    ({ box, params }) => {
      const { charge: id, payment_intent: intent } = params;
      if (!id === !intent) {
        throw invalid("One of the following params should be provided for this request: payment_intent or charge.");
      }
      const charge = id ?? need(box, "payment_intent", intent ?? "", "payment_intent").latest_charge ?? "";
      return refundCharge(box, need(box, "charge", charge, "charge"), {
        ...(params.amount !== undefined && { amount: params.amount }),
        ...(params.reason && { reason: params.reason }),
        metadata: mergeMetadata({}, params.metadata),
      });
    },
  ),
  route("GET", "/v1/refunds", { ...paging, charge: str, created: range, payment_intent: str }, ({ box, params }) =>
    page(
      newest(
        box,
        "refund",
        (row) =>
          (!params.charge || row.charge === params.charge) &&
          (!params.payment_intent || row.payment_intent === params.payment_intent) &&
          (!params.created || params.created(row.created)),
      ),
      params,
      "/v1/refunds",
      "refund",
    ),
  ),
  route("GET", "/v1/refunds/:id", {}, ({ box, ids: [id] }) => need(box, "refund", id)),
  route("GET", "/v1/disputes", { ...paging, charge: str, created: range, payment_intent: str }, ({ box, params }) =>
    page(
      newest(
        box,
        "dispute",
        (row) =>
          (!params.charge || row.charge === params.charge) &&
          (!params.payment_intent || row.payment_intent === params.payment_intent) &&
          (!params.created || params.created(row.created)),
      ),
      params,
      "/v1/disputes",
      "dispute",
    ),
  ),
  route("GET", "/v1/disputes/:id", {}, ({ box, ids: [id] }) => need(box, "dispute", id)),
  // Accepting the dispute: https://docs.stripe.com/api/disputes/close
  route("POST", "/v1/disputes/:id/close", {}, ({ box, ids: [id] }) =>
    closeDispute(box, need(box, "dispute", id), "lost"),
  ),
];
