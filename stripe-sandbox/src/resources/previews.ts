import type { Box } from "../box.ts";
import { previewChange, upcomingInvoice } from "../billing/preview.ts";
import type { SubscriptionChange } from "../billing/change.ts";
import { firstAmount } from "../billing/subscribe.ts";
import { invalid, missing } from "../http/errors.ts";
import { arrayOf, bool, either, emptyable, int, mergeMetadata, object, oneOf, str } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import type { Invoice, Subscription } from "../types.ts";
import { need } from "./find.ts";
import { discountList, itemChange, prorationBehavior } from "./subscription-params.ts";

const details = object({
  billing_cycle_anchor: oneOf("now", "unchanged"),
  cancel_at: emptyable(int),
  cancel_at_period_end: bool,
  items: arrayOf(itemChange),
  proration_behavior: prorationBehavior,
  proration_date: int,
  trial_end: either(oneOf("now"), int),
});

// A preview can't be retrieved: its id says so, and nothing of it can be paid.
function asPreview(invoice: Invoice): Invoice {
  const { hosted_invoice_url: _url, invoice_pdf: _pdf, ...rest } = invoice;
  const id = `upcoming_${invoice.id}`;
  return {
    ...rest,
    id,
    attempted: false,
    attempt_count: 0,
    lines: { ...invoice.lines, data: invoice.lines.data.map((row) => ({ ...row, invoice: id })) },
    number: null,
    status: "draft",
    webhooks_delivered_at: null,
  };
}

export const previewRoutes: Route[] = [
  route(
    "POST",
    "/v1/invoices/create_preview",
    {
      customer: str,
      discounts: discountList,
      preview_mode: oneOf("next"),
      subscription: str,
      subscription_details: details,
    },
    ({ box, params }) => {
      const { subscription_details: asked, discounts } = params;
      if (!params.subscription) {
        if (!params.customer)
          throw invalid("You must give a `customer` or a `subscription`.", "customer", "parameter_missing");
        return asPreview(previewNew(box, params.customer, asked?.items ?? [], discounts ?? []));
      }
      const subscription = need(box, "subscription", params.subscription, "subscription");
      if (params.customer && params.customer !== subscription.customer) {
        throw missing("subscription", subscription.id, "subscription");
      }
      return asPreview(preview(box, subscription, { ...asked, ...(discounts !== undefined && { discounts }) }));
    },
  ),
];

function preview(box: Box, subscription: Subscription, change: SubscriptionChange): Invoice {
  return Object.keys(change).length === 0
    ? upcomingInvoice(box, subscription)
    : previewChange(box, subscription, change);
}

function previewNew(
  box: Box,
  customer: string,
  items: NonNullable<SubscriptionChange["items"]>,
  discounts: NonNullable<SubscriptionChange["discounts"]>,
): Invoice {
  need(box, "customer", customer, "customer");
  return firstAmount(box, {
    customer,
    items: items.map((item) => ({
      price: item.price ?? "",
      quantity: item.quantity,
      metadata: mergeMetadata({}, item.metadata),
    })),
    metadata: {},
    discounts,
    description: null,
    default_payment_method: null,
    trial_end: null,
    cancel_at: null,
    cancel_at_period_end: false,
    missing_payment_method: "create_invoice",
    automatic_tax: false,
    session: null,
  });
}
