import { amountOf } from "../billing/amounts.ts";
import { productName } from "../billing/lines.ts";
import { invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { bool, emptyable, int, mergeMetadata, metadata, object, range, required, str, uint } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId } from "../ids.ts";
import type { InvoiceItem } from "../types.ts";
import { need, newest } from "./find.ts";

export const invoiceItemRoutes: Route[] = [
  route(
    "POST",
    "/v1/invoiceitems",
    {
      amount: int,
      currency: str,
      customer: required(str),
      description: str,
      discountable: bool,
      metadata,
      period: object({ end: required(int), start: required(int) }),
      pricing: object({ price: str }),
      quantity: uint,
      subscription: str,
    },
    ({ box, params }) => {
      const customer = need(box, "customer", params.customer, "customer");
      const price = params.pricing?.price ? need(box, "price", params.pricing.price, "pricing[price]") : undefined;
      if (!price === (params.amount === undefined)) {
        throw invalid("Give either `amount` or `pricing[price]`.", "amount", "parameter_missing");
      }
      if (params.subscription) need(box, "subscription", params.subscription, "subscription");
      const at = box.nowFor(customer.id);
      const quantity = params.quantity ?? 1;
      const amount = price ? amountOf(price, quantity) : (params.amount ?? 0);
      const item = box.store.put({
        id: newId("ii"),
        object: "invoiceitem",
        amount,
        currency: price?.currency ?? (params.currency ?? "usd").toLowerCase(),
        customer: customer.id,
        customer_account: null,
        date: at,
        description: params.description ?? (price ? productName(box, price) : null),
        discountable: params.discountable ?? true,
        discounts: [],
        invoice: null,
        livemode: false,
        metadata: mergeMetadata({}, params.metadata),
        net_amount: amount,
        parent: params.subscription
          ? { subscription_details: { subscription: params.subscription }, type: "subscription_details" }
          : null,
        period: params.period ?? { end: at, start: at },
        pricing: price
          ? {
              price_details: { price: price.id, product: price.product },
              type: "price_details",
              unit_amount_decimal: price.unit_amount_decimal,
            }
          : null,
        proration: false,
        quantity,
        quantity_decimal: String(quantity),
        tax_rates: [],
        test_clock: customer.test_clock ?? null,
      } satisfies InvoiceItem);
      box.emit("invoiceitem.created", item);
      return item;
    },
  ),
  route(
    "GET",
    "/v1/invoiceitems",
    { ...paging, created: range, customer: str, invoice: str, pending: bool },
    ({ box, params }) =>
      page(
        newest(
          box,
          "invoiceitem",
          (row) =>
            (!params.customer || row.customer === params.customer) &&
            (!params.invoice || row.invoice === params.invoice) &&
            (params.pending === undefined || params.pending === (row.invoice === null)) &&
            (!params.created || params.created(row.date)),
        ),
        params,
        "/v1/invoiceitems",
        "invoiceitem",
      ),
  ),
  route("GET", "/v1/invoiceitems/:id", {}, ({ box, ids: [id] }) => need(box, "invoiceitem", id)),
  route(
    "POST",
    "/v1/invoiceitems/:id",
    { amount: int, description: emptyable(str), metadata },
    ({ box, params, ids: [id] }) => {
      const before = need(box, "invoiceitem", id);
      if (before.invoice) throw invalid("This invoice item is already on an invoice, so it cannot be changed.");
      const amount = params.amount ?? before.amount;
      return box.store.put({
        ...before,
        amount,
        net_amount: amount,
        ...(params.description !== undefined && { description: params.description }),
        metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
      });
    },
  ),
  route("DELETE", "/v1/invoiceitems/:id", {}, ({ box, ids: [id] }) => {
    const item = need(box, "invoiceitem", id);
    if (item.invoice) throw invalid("This invoice item is already on an invoice, so it cannot be deleted.");
    box.store.remove("invoiceitem", id);
    box.emit("invoiceitem.deleted", item);
    return { id, object: "invoiceitem", deleted: true };
  }),
];
