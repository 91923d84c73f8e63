// The hosted invoice page, its printable form, and receipts.
import type { Box } from "../box.ts";
import { collect } from "../billing/collect.ts";
import { subscriptionOf } from "../billing/collect.ts";
import { money } from "../billing/disputes.ts";
import { attach, createCardMethod, methodFor } from "../billing/methods.ts";
import { isMetered, productName } from "../billing/lines.ts";
import { dateText } from "../billing/periods.ts";
import { StripeError } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import type { Invoice, InvoiceLine } from "../types.ts";
import { cardFields, cardHints, errorBox, readCard, typedOf, type Typed } from "./card-form.ts";
import { document, form, goTo, html, type Html, type PageAnswer, type PageRequest } from "./page.ts";

/** Answers a page of an invoice. `step` is empty, `pdf` or `3ds`; `method` the card that waits for its bank. */
export function invoicePage(box: Box, request: PageRequest, token: string, step: string, method: string): PageAnswer {
  const invoice = box.store.all("invoice").find((row) => row.hosted_invoice_url?.endsWith(`/${token}`));
  if (!invoice || invoice.status === "draft") {
    return document("Not found", html`<h1>There is no such invoice</h1>`, 404);
  }
  if (step === "pdf") {
    return document(
      `Invoice ${invoice.number}`,
      html`<p class="noprint quiet">This page prints as the invoice.</p>
        ${paper(box, invoice)}`,
    );
  }
  const root = `/i/${request.path.split("/")[2]}/${token}`;
  if (invoice.status !== "open") return show(box, invoice, root);
  if (request.method !== "POST") return step === "3ds" ? threeDSecure(invoice, root, method) : show(box, invoice, root);
  const fields = form(request);
  try {
    const outcome = box.change(() => {
      if (step === "3ds") {
        if (fields.get("answer") !== "complete") {
          return { decline: "We are unable to authenticate your payment method.", next: null };
        }
        return pay(box, invoice, method, true);
      }
      if (fields.get("saved")) return pay(box, invoice, fields.get("saved") ?? "", false);
      const { card, name } = readCard(fields);
      const made = createCardMethod(box, card, { name });
      attach(box, made, invoice.customer ?? "");
      return pay(box, invoice, made.id, false);
    });
    if (outcome.next) return goTo(`${root}/3ds/${outcome.next}`);
    if (outcome.decline) return show(box, need(box, "invoice", invoice.id), root, typedOf(fields), outcome.decline);
    return goTo(root);
  } catch (error) {
    if (error instanceof StripeError) return show(box, invoice, root, typedOf(fields), error.message);
    throw error;
  }
}

function pay(
  box: Box,
  invoice: Invoice,
  id: string,
  authenticated: boolean,
): { decline: string | null; next: string | null } {
  const method = need(box, "payment_method", id);
  if (method.customer !== invoice.customer)
    throw new StripeError(400, "invalid_request_error", "This card is not yours.");
  const at = box.nowFor(invoice.customer);
  const { attempt } = collect(box, invoice, { at, present: true, authenticated, method, scheduled: false });
  if (attempt?.outcome === "requires_action") return { decline: null, next: id };
  return { decline: attempt?.decline?.message ?? null, next: null };
}

/** What a line is for. A unit of usage costs so little that its price only puzzles. */
function lineText(box: Box, { description, pricing }: InvoiceLine): string | null {
  const id = pricing?.price_details?.price;
  const price = id ? box.store.get("price", id) : undefined;
  return price && isMetered(price) ? `${productName(box, price)}, billed by usage` : description;
}

function paper(box: Box, invoice: Invoice): Html {
  return html`<div class="card">
    <div class="row spread">
      <h1>Invoice ${invoice.number}</h1>
      <span class="tag">${invoice.status}</span>
    </div>
    <dl>
      <dt>Issued</dt>
      <dd>${dateText(invoice.created)}</dd>
      <dt>Bill to</dt>
      <dd>${invoice.customer_name ?? invoice.customer_email ?? invoice.customer}</dd>
      ${
        invoice.status_transitions.paid_at &&
        html`<dt>Paid</dt>
          <dd>${dateText(invoice.status_transitions.paid_at)}</dd>`
      }
    </dl>
    <table>
      <thead>
        <tr>
          <th scope="col">Description</th>
          <th scope="col" class="right">Amount</th>
        </tr>
      </thead>
      <tbody>
        ${invoice.lines.data.map(
          (line) =>
            html`<tr>
              <td>
                ${lineText(box, line)}<br /><span class="quiet"
                  >${dateText(line.period.start)} – ${dateText(line.period.end)}</span
                >
              </td>
              <td class="right">${money(line.amount, line.currency)}</td>
            </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Subtotal</th>
          <td class="right">${money(invoice.subtotal, invoice.currency)}</td>
        </tr>
        ${
          invoice.subtotal !== invoice.total &&
          html`<tr>
            <th scope="row">Discount</th>
            <td class="right">−${money(invoice.subtotal - invoice.total, invoice.currency)}</td>
          </tr>`
        }
        <tr>
          <th scope="row">Total</th>
          <td class="right">${money(invoice.total, invoice.currency)}</td>
        </tr>
        <tr>
          <th scope="row">Amount due</th>
          <td class="right"><strong>${money(invoice.amount_remaining, invoice.currency)}</strong></td>
        </tr>
      </tfoot>
    </table>
  </div>`;
}

function show(box: Box, invoice: Invoice, root: string, typed: Typed = {}, error?: string): PageAnswer {
  const saved = methodFor(box, invoice, subscriptionOf(box, invoice));
  const due = money(invoice.amount_remaining, invoice.currency);
  return document(
    `Invoice ${invoice.number}`,
    html`${invoice.status === "paid" && html`<p class="good" role="status">Invoice paid</p>`} ${paper(box, invoice)}
      <p><a href="${invoice.invoice_pdf}">Printable invoice</a></p>
      ${
        invoice.status === "open" &&
        html`<div class="card">
          <h2>Pay ${due}</h2>
          ${errorBox(error)}
          ${
            saved?.card &&
            html`<form method="post" action="${root}">
                <input type="hidden" name="saved" value="${saved.id}" /><button>
                  Pay with •••• ${saved.card.last4}
                </button>
              </form>
              <p class="quiet">or with another card:</p>`
          }
          <form method="post" action="${root}">${cardFields(typed)}<button class="wide">Pay ${due}</button></form>
          ${cardHints}
        </div>`
      }`,
  );
}

function threeDSecure(invoice: Invoice, root: string, method: string): PageAnswer {
  return document(
    "3-D Secure",
    html`<div class="card">
      <h1>3-D Secure</h1>
      <p>
        Your bank asks whether it is you who pays <strong>${money(invoice.amount_remaining, invoice.currency)}</strong>.
        In the sandbox you may choose its answer.
      </p>
      <form method="post" action="${root}/3ds/${method}" class="row">
        <button name="answer" value="complete">Complete</button>
        <button class="plain" name="answer" value="fail">Fail</button>
      </form>
    </div>`,
  );
}

/** The receipt of a charge. */
export function receiptPage(box: Box, id: string): PageAnswer {
  const charge = box.store.get("charge", id);
  if (!charge?.paid) return document("Not found", html`<h1>There is no such receipt</h1>`, 404);
  return document(
    "Receipt",
    html`<div class="card">
      <h1>Receipt</h1>
      <dl>
        <dt>Paid</dt>
        <dd>${dateText(charge.created)}</dd>
        <dt>Amount</dt>
        <dd>${money(charge.amount, charge.currency)}</dd>
        <dt>Card</dt>
        <dd>•••• ${charge.payment_method_details?.card?.last4}</dd>
        ${
          charge.amount_refunded > 0 &&
          html`<dt>Refunded</dt>
            <dd>${money(charge.amount_refunded, charge.currency)}</dd>`
        }
      </dl>
    </div>`,
  );
}
