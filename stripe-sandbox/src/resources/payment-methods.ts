import type { Box } from "../box.ts";
import { attach, createCardMethod } from "../billing/methods.ts";
import { numberOfToken } from "../billing/cards.ts";
import { invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { emptyable, mergeMetadata, metadata, object, oneOf, required, str, uint } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import type { PaymentMethod } from "../types.ts";
import { need, newest } from "./find.ts";

const billingDetails = object({ email: emptyable(str), name: emptyable(str), phone: emptyable(str) });

/** A method by id, or one made on the spot of a test token such as `pm_card_visa`. */
export function methodByIdOrToken(box: Box, id: string, param: string): PaymentMethod {
  const number = numberOfToken(id);
  if (!number) return need(box, "payment_method", id, param);
  return createCardMethod(box, {
    number,
    exp_month: 12,
    exp_year: new Date(box.now() * 1000).getUTCFullYear() + 3,
    cvc: "123",
  });
}

export const paymentMethodRoutes: Route[] = [
  route(
    "POST",
    "/v1/payment_methods",
    {
      type: required(oneOf("card")),
      card: object({ number: str, exp_month: uint, exp_year: uint, cvc: str, token: str }),
      billing_details: billingDetails,
      metadata,
    },
    ({ box, params }) => {
      const { token, number, exp_month, exp_year, cvc } = params.card ?? {};
      if (token) return methodByIdOrToken(box, token.replace(/^tok_/, "pm_card_"), "card[token]");
      if (!number || !exp_month || !exp_year) {
        throw invalid("Missing required param: card[number].", "card[number]", "parameter_missing");
      }
      return createCardMethod(
        box,
        { number, exp_month, exp_year, ...(cvc && { cvc }) },
        params.billing_details,
        mergeMetadata({}, params.metadata),
      );
    },
  ),
  route("GET", "/v1/payment_methods", { ...paging, customer: str, type: str }, ({ box, params }) =>
    page(
      newest(
        box,
        "payment_method",
        (row) => row.customer === (params.customer ?? null) && (!params.type || row.type === params.type),
      ),
      params,
      "/v1/payment_methods",
      "PaymentMethod",
    ),
  ),
  route("GET", "/v1/payment_methods/:id", {}, ({ box, ids: [id] }) => need(box, "payment_method", id)),
  route(
    "POST",
    "/v1/payment_methods/:id",
    { billing_details: billingDetails, card: object({ exp_month: uint, exp_year: uint }), metadata },
    ({ box, params, ids: [id] }) => {
      const before = need(box, "payment_method", id);
      return box.update("payment_method.updated", before, {
        billing_details: { ...before.billing_details, ...params.billing_details },
        ...(before.card && { card: { ...before.card, ...params.card } }),
        metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
      });
    },
  ),
  route("POST", "/v1/payment_methods/:id/attach", { customer: required(str) }, ({ box, params, ids: [id] }) => {
    need(box, "customer", params.customer, "customer");
    return attach(box, methodByIdOrToken(box, id, "id"), params.customer);
  }),
  route("POST", "/v1/payment_methods/:id/detach", {}, ({ box, ids: [id] }) => {
    const before = need(box, "payment_method", id);
    if (!before.customer) {
      throw invalid(
        "The payment method you provided is not attached to a customer so detachment is impossible.",
        "payment_method",
      );
    }
    const customer = box.store.get("customer", before.customer);
    if (customer?.invoice_settings.default_payment_method === id) {
      box.store.put({ ...customer, invoice_settings: { ...customer.invoice_settings, default_payment_method: null } });
    }
    for (const subscription of newest(box, "subscription", (row) => row.default_payment_method === id)) {
      box.store.put({ ...subscription, default_payment_method: null });
    }
    const after = box.store.put({ ...before, customer: null });
    box.emit("payment_method.detached", after, { customer: before.customer });
    return after;
  }),
];
