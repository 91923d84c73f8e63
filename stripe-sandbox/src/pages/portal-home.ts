// The portal's first page: plan, card, invoices.
import { money } from "../billing/disputes.ts";
import { isMetered, priceText, productName } from "../billing/lines.ts";
import { dateText } from "../billing/periods.ts";
import { newest } from "../resources/find.ts";
import type { Invoice, Subscription } from "../types.ts";
import { html, type Html, type PageAnswer } from "./page.ts";
import { canSwitch, frame, type PortalVisit } from "./portal-frame.ts";

/** Shows what the customer has and what they can do about it. */
export function portalHome(visit: PortalVisit): PageAnswer {
  const { box, session } = visit;
  const { features } = visit.box.store.get("billing_portal.configuration", session.configuration) ?? {};
  const subscriptions = newest(
    box,
    "subscription",
    (row) => row.customer === session.customer && row.ended_at === null,
  );
  const past = newest(box, "subscription", (row) => row.customer === session.customer && row.status === "canceled");
  const invoices = newest(box, "invoice", (row) => row.customer === session.customer && row.status !== "draft");
  return frame(
    visit,
    "Billing",
    html` <h2>Current subscription</h2>
      ${subscriptions.map((row) => current(visit, row, features?.subscription_cancel.enabled ?? false, features?.subscription_update.enabled ?? false))}
      ${subscriptions.length === 0 && html`<p class="quiet">${past.length > 0 ? `Your subscription ended on ${dateText(past[0]?.ended_at ?? 0)}.` : "You have no subscription."}</p>`}
      <h2>Payment method</h2>
      ${card(visit)}
      ${features?.payment_method_update.enabled && html`<p><a class="button plain" href="${visit.root}/card">Update card</a></p>`}
      ${
        features?.invoice_history.enabled &&
        html`<h2>Invoice history</h2>
          ${invoices.length === 0 ? html`<p class="quiet">No invoices yet.</p>` : invoiceTable(invoices)}`
      }`,
  );
}

function current({ box, root }: PortalVisit, row: Subscription, mayCancel: boolean, mayUpdate: boolean): Html {
  const end = Math.min(...row.items.data.map((item) => item.current_period_end));
  const state =
    row.cancel_at !== null
      ? html`<p><strong>Your plan will be canceled on ${dateText(row.cancel_at)}.</strong></p>`
      : row.status === "trialing"
        ? html`<p>Your free trial ends on ${dateText(end)}.</p>`
        : row.status === "past_due"
          ? html`<p class="error">Your last payment failed. Update your card or pay the open invoice below.</p>`
          : html`<p>Your plan renews on ${dateText(end)}.</p>`;
  return html`<div class="card">
    ${row.items.data.map((item) => html`<p><strong>${productName(box, item.price)}</strong><br />${isMetered(item.price) ? html`<span class="quiet">Billed by usage</span>` : html`<span class="amount">${priceText(item.price)}</span>`}</p>`)}
    ${state}
    <div class="row">
      ${mayUpdate && canSwitch(row) && row.cancel_at === null && html`<a class="button" href="${root}/switch/${row.id}">Update subscription</a>`}
      ${mayCancel && row.cancel_at === null && html`<a class="button plain" href="${root}/cancel/${row.id}">Cancel subscription</a>`}
      ${row.cancel_at !== null && html`<form method="post" action="${root}/keep/${row.id}"><button>Don't cancel</button></form>`}
    </div>
  </div>`;
}

function card({ box, session }: PortalVisit): Html {
  const subscription = newest(
    box,
    "subscription",
    (row) => row.customer === session.customer && row.ended_at === null,
  )[0];
  const id =
    subscription?.default_payment_method ??
    box.store.get("customer", session.customer)?.invoice_settings.default_payment_method;
  const found = id ? box.store.get("payment_method", id)?.card : undefined;
  return found
    ? html`<p>
        ${found.brand[0]?.toUpperCase()}${found.brand.slice(1)} •••• ${found.last4}, expires
        ${found.exp_month}/${found.exp_year}
      </p>`
    : html`<p class="quiet">No card saved.</p>`;
}

function invoiceTable(invoices: Invoice[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Invoices">
    <table>
      <thead>
        <tr>
          <th scope="col">Date</th>
          <th scope="col">Number</th>
          <th scope="col">Status</th>
          <th scope="col" class="right">Amount</th>
          <th scope="col">Invoice</th>
        </tr>
      </thead>
      <tbody>
        ${invoices.map(
          (row) =>
            html`<tr>
              <td>${dateText(row.created)}</td>
              <td>${row.number}</td>
              <td><span class="tag">${row.status}</span></td>
              <td class="right">${money(row.total, row.currency)}</td>
              <td>
                <a href="${row.hosted_invoice_url}"
                  >${row.status === "open" ? "Pay" : "View"}<span class="hidden"> ${row.number}</span></a
                >
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
