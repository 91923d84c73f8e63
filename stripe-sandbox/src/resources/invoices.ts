import { collect } from "../billing/collect.ts";
import { createInvoice } from "../billing/invoice-draft.ts";
import { finalizeInvoice, intentOf, markPaid, voidInvoice } from "../billing/invoices.ts";
import { recover, subscriptionOf } from "../billing/collect.ts";
import { lineOfItem } from "../billing/lines.ts";
import { HOUR } from "../billing/periods.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { bool, emptyable, mergeMetadata, metadata, oneOf, range, required, str } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { need, newest } from "./find.ts";
import { methodByIdOrToken } from "./payment-methods.ts";

const status = oneOf("draft", "open", "paid", "uncollectible", "void");

export const invoiceRoutes: Route[] = [
  route(
    "POST",
    "/v1/invoices",
    {
      auto_advance: bool,
      collection_method: oneOf("charge_automatically"),
      currency: str,
      customer: required(str),
      description: str,
      metadata,
      pending_invoice_items_behavior: oneOf("include", "exclude"),
    },
    ({ box, params }) => {
      const at = box.nowFor(need(box, "customer", params.customer, "customer").id);
      const pending =
        params.pending_invoice_items_behavior === "include"
          ? box.store
              .all("invoiceitem")
              .filter(
                (item) => item.customer === params.customer && !item.invoice && !item.parent?.subscription_details,
              )
          : [];
      const invoice = createInvoice(box, {
        customer: params.customer,
        subscription: null,
        reason: "manual",
        lines: pending.map((item) => lineOfItem(box, item)),
        period: { start: at, end: at },
        at,
        currency: params.currency ?? pending[0]?.currency ?? "usd",
        finalizesAt: params.auto_advance ? at + HOUR : null,
        autoAdvance: params.auto_advance ?? false,
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
      });
      for (const item of pending) box.store.put({ ...item, invoice: invoice.id });
      return invoice;
    },
  ),
  route(
    "GET",
    "/v1/invoices",
    { ...paging, created: range, customer: str, status, subscription: str },
    ({ box, params }) =>
      page(
        newest(
          box,
          "invoice",
          (row) =>
            (!params.customer || row.customer === params.customer) &&
            (!params.created || params.created(row.created)) &&
            (!params.status || row.status === params.status) &&
            (!params.subscription || row.parent?.subscription_details?.subscription === params.subscription),
        ),
        params,
        "/v1/invoices",
        "invoice",
      ),
  ),
  route("GET", "/v1/invoices/:id", {}, ({ box, ids: [id] }) => need(box, "invoice", id)),
  route(
    "POST",
    "/v1/invoices/:id",
    { auto_advance: bool, default_payment_method: emptyable(str), description: emptyable(str), metadata },
    ({ box, params, ids: [id] }) => {
      const before = need(box, "invoice", id);
      const { metadata: sent, ...plain } = params;
      return box.update("invoice.updated", before, {
        ...plain,
        ...(params.auto_advance &&
          before.status === "draft" &&
          before.automatically_finalizes_at === null && { automatically_finalizes_at: before.created + HOUR }),
        metadata: mergeMetadata(before.metadata ?? {}, sent),
      });
    },
  ),
  route("GET", "/v1/invoices/:id/lines", paging, ({ box, params, ids: [id] }) =>
    page(need(box, "invoice", id).lines.data, params, `/v1/invoices/${id}/lines`, "line_item"),
  ),
  route("POST", "/v1/invoices/:id/finalize", { auto_advance: bool }, ({ box, params, ids: [id] }) => {
    const draft = need(box, "invoice", id);
    const { auto_advance: advance } = params;
    const at = box.nowFor(draft.customer);
    const open = finalizeInvoice(box, advance === undefined ? draft : { ...draft, auto_advance: advance }, at);
    if (open.status !== "open" || !open.auto_advance) return open;
    return box.store.put({ ...open, next_payment_attempt: at + HOUR });
  }),
  route(
    "POST",
    "/v1/invoices/:id/pay",
    { off_session: bool, paid_out_of_band: bool, payment_method: str },
    ({ box, params, ids: [id] }) => {
      let invoice = need(box, "invoice", id);
      const at = box.nowFor(invoice.customer);
      if (invoice.status === "draft") invoice = finalizeInvoice(box, invoice, at);
      if (invoice.status === "paid") {
        if (need(box, "invoice", id).status_transitions.finalized_at === at && invoice.amount_due === 0) return invoice;
        throw invalid("Invoice is already paid");
      }
      if (params.paid_out_of_band) {
        const paid = markPaid(box, invoice, at, true);
        const subscription = subscriptionOf(box, invoice);
        if (subscription) recover(box, subscription, paid);
        return paid;
      }
      const method = params.payment_method
        ? methodByIdOrToken(box, params.payment_method, "payment_method")
        : undefined;
      if (method && method.customer !== invoice.customer) {
        throw invalid("The payment method does not belong to the customer of this invoice.", "payment_method");
      }
      const { invoice: after, attempt } = collect(box, invoice, {
        at,
        present: params.off_session === false,
        scheduled: false,
        ...(method && { method }),
      });
      if (attempt?.outcome === "requires_action") {
        throw new StripeError(
          402,
          "card_error",
          "This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.",
          { code: "invoice_payment_intent_requires_action" },
          true,
        );
      }
      if (attempt?.decline) {
        const { message, ...fields } = attempt.decline;
        const intent = intentOf(box, id);
        throw new StripeError(
          402,
          "card_error",
          message,
          { ...fields, ...(intent && { payment_intent: intent, charge: intent.latest_charge ?? "" }) },
          true,
        );
      }
      return after;
    },
  ),
  route("POST", "/v1/invoices/:id/void", {}, ({ box, ids: [id] }) => {
    const invoice = need(box, "invoice", id);
    return voidInvoice(box, invoice, box.nowFor(invoice.customer));
  }),
  route("POST", "/v1/invoices/:id/mark_uncollectible", {}, ({ box, ids: [id] }) => {
    const invoice = need(box, "invoice", id);
    if (invoice.status !== "open") throw invalid("You can only mark open invoices as uncollectible.");
    const after = box.store.put({
      ...invoice,
      auto_advance: false,
      next_payment_attempt: null,
      status: "uncollectible",
      status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: box.nowFor(invoice.customer) },
    });
    box.emit("invoice.marked_uncollectible", after);
    return after;
  }),
  route("DELETE", "/v1/invoices/:id", {}, ({ box, ids: [id] }) => {
    const invoice = need(box, "invoice", id);
    if (invoice.status !== "draft" || invoice.parent) {
      throw invalid("You can only delete draft invoices that do not belong to a subscription.");
    }
    for (const item of box.store.all("invoiceitem")) {
      if (item.invoice === id) box.store.put({ ...item, invoice: null });
    }
    box.store.remove("invoice", id);
    box.emit("invoice.deleted", invoice);
    return { id, object: "invoice", deleted: true };
  }),
  route(
    "GET",
    "/v1/invoice_payments",
    { ...paging, invoice: str, status: oneOf("open", "paid", "canceled") },
    ({ box, params }) =>
      page(
        newest(
          box,
          "invoice_payment",
          (row) =>
            (!params.invoice || row.invoice === params.invoice) && (!params.status || row.status === params.status),
        ),
        params,
        "/v1/invoice_payments",
        "invoice_payment",
      ),
  ),
  route("GET", "/v1/invoice_payments/:id", {}, ({ box, ids: [id] }) => need(box, "invoice_payment", id)),
];
