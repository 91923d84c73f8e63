// Checkout's hosted page: https://docs.stripe.com/payments/checkout
import type { Box } from "../box.ts";
import { continueCheckout, payWithCard, type CheckoutOutcome } from "../billing/checkout.ts";
import { money } from "../billing/disputes.ts";
import { isMetered, priceText } from "../billing/lines.ts";
import { StripeError } from "../http/errors.ts";
import { lineItemsOf } from "../resources/line-items.ts";
import type { CheckoutSession } from "../types.ts";
import { cardFields, cardHints, errorBox, readCard, typedOf, type Typed } from "./card-form.ts";
import { document, form, goTo, html, type PageAnswer, type PageRequest } from "./page.ts";
import { applyCode } from "./promotion.ts";

/** Answers a page of a checkout. `step` is what follows the session's id: empty, `code` or `3ds`. */
export function checkoutPage(box: Box, request: PageRequest, id: string, step: string): PageAnswer {
  const session = box.store.get("checkout.session", id);
  if (!session) {
    return document(
      "Not found",
      html`<h1>This checkout does not exist</h1>
        <p>Go back and start again.</p>`,
      404,
    );
  }
  if (session.status !== "open") return finished(session);
  if (request.method === "GET") return step === "3ds" ? threeDSecure(session) : show(box, session);
  const fields = form(request);
  try {
    if (step === "code") {
      const outcome = box.change(() => applyCode(box, session, fields.get("code") ?? ""));
      return outcome
        ? show(box, session, {}, undefined, { typed: fields.get("code") ?? "", wrong: outcome })
        : goTo(`/c/pay/${id}`);
    }
    const outcome = box.change<CheckoutOutcome>(() => {
      if (step === "3ds") return continueCheckout(box, id, fields.get("answer") === "complete");
      const { card, name } = readCard(fields);
      return payWithCard(box, id, card, name, fields.get("email") ?? undefined);
    });
    if (outcome.status === "requires_action") return goTo(`/c/pay/${id}/3ds`);
    if (outcome.status === "failed") return show(box, session, typedOf(fields), outcome.message);
    return goTo((session.success_url ?? "/").replaceAll("{CHECKOUT_SESSION_ID}", id));
  } catch (error) {
    if (error instanceof StripeError) return show(box, session, typedOf(fields), error.message);
    throw error;
  }
}

/** What follows the amount of today, in words: Stripe's page never calls a first, lowered amount the price of a month. */
function rhythm(box: Box, session: CheckoutSession, interval: string | undefined): string {
  const order = box.store.get("sandbox.checkout", session.id);
  const days = order?.subscription_data.trial_period_days;
  if (days) return `due today, ${days} days free`;
  if (!interval) return "";
  const code = order?.promotion_code ? box.store.get("promotion_code", order.promotion_code) : undefined;
  const coupon = box.store.get("coupon", code?.promotion.coupon ?? order?.coupon ?? "");
  const whole = `${money(session.amount_subtotal ?? 0, session.currency ?? "usd")} per ${interval}`;
  if (coupon?.duration === "once") return `today, then ${whole}`;
  if (coupon?.duration === "repeating")
    return `per ${interval} for ${coupon.duration_in_months} ${coupon.duration_in_months === 1 ? "month" : "months"}, then ${whole}`;
  return `per ${interval}`;
}

function finished(session: CheckoutSession): PageAnswer {
  const done = session.status === "complete";
  const next = done ? session.success_url?.replaceAll("{CHECKOUT_SESSION_ID}", session.id) : session.cancel_url;
  return document(
    "Checkout",
    html`<h1>${done ? "This checkout is complete" : "This checkout has expired"}</h1>
      <p>
        ${done ? "You have been charged once; there is nothing more to do here." : "Nothing was charged. Go back and start again."}
      </p>
      ${next && html`<p><a class="button" href="${next}">Go back</a></p>`}`,
    done ? 200 : 410,
  );
}

function show(
  box: Box,
  session: CheckoutSession,
  typed: Typed = {},
  error?: string,
  code?: { typed: string; wrong: string },
): PageAnswer {
  const currency = session.currency ?? "usd";
  const items = lineItemsOf(box, session.id);
  const total = session.amount_total ?? 0;
  const discount = session.total_details?.amount_discount ?? 0;
  const email = session.customer_details?.email;
  return document(
    "Subscribe",
    html` ${session.cancel_url && html`<p><a href="${session.cancel_url}">← Back</a></p>`}
      <div class="two">
        <section aria-labelledby="what">
          <h1 id="what">Subscribe to ${items[0]?.description ?? "a plan"}</h1>
          <p>
            <span class="amount">${money(total, currency)}</span>
            <span class="quiet">${rhythm(box, session, items[0]?.price?.recurring?.interval)}</span>
          </p>
          <div class="card">
            <table>
              <thead>
                <tr>
                  <th scope="col">Item</th>
                  <th scope="col" class="right">Amount</th>
                </tr>
              </thead>
              <tbody>
                ${items.map(
                  (item) =>
                    html`<tr>
                      <td>
                        ${item.description}<br /><span class="quiet"
                          >${item.price && (isMetered(item.price) ? "Billed by usage" : priceText(item.price))}${(item.quantity ?? 1) > 1 && ` × ${item.quantity}`}</span
                        >
                      </td>
                      <td class="right">${money(item.amount_total, currency)}</td>
                    </tr>`,
                )}
                ${
                  discount > 0 &&
                  html`<tr>
                    <td>Discount</td>
                    <td class="right">−${money(discount, currency)}</td>
                  </tr>`
                }
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row">Total due today</th>
                  <td class="right"><strong>${money(total, currency)}</strong></td>
                </tr>
              </tfoot>
            </table>
          </div>
          ${
            session.allow_promotion_codes &&
            html`<form method="post" action="/c/pay/${session.id}/code">
              <label for="code">Promotion code</label>
              <div class="pair">
                <input
                  id="code"
                  name="code"
                  autocomplete="off"
                  value="${code?.typed ?? ""}"
                  ${code && { html: `aria-invalid="true" aria-describedby="code-wrong"` }}
                /><button class="plain">Apply</button>
              </div>
              <div id="code-wrong">${errorBox(code?.wrong)}</div>
            </form>`
          }
        </section>
        <section aria-labelledby="how">
          <h2 id="how">Pay with card</h2>
          ${errorBox(error)}
          <form method="post" action="/c/pay/${session.id}">
            ${email ? html`<p>E-mail: <strong>${email}</strong></p>` : html`<label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" required />`}
            ${cardFields(typed)}
            <button class="wide">Subscribe</button>
          </form>
          ${cardHints}
        </section>
      </div>`,
  );
}

function threeDSecure(session: CheckoutSession): PageAnswer {
  return document(
    "3-D Secure",
    html`<div class="card">
      <h1>3-D Secure</h1>
      <p>
        Your bank asks whether it is you who pays
        <strong>${money(session.amount_total ?? 0, session.currency ?? "usd")}</strong>. In the sandbox you may choose
        its answer.
      </p>
      <form method="post" action="/c/pay/${session.id}/3ds" class="row">
        <button name="answer" value="complete">Complete</button>
        <button class="plain" name="answer" value="fail">Fail</button>
      </form>
    </div>`,
  );
}
