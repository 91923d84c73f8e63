// Switching plans in the portal, with the amount shown before agreeing.
import { changeSubscription, type SubscriptionChange } from "../billing/change.ts";
import { money } from "../billing/disputes.ts";
import { priceText, productName } from "../billing/lines.ts";
import { previewChange } from "../billing/preview.ts";
import { dateText } from "../billing/periods.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import type { Price, Subscription } from "../types.ts";
import { errorBox } from "./card-form.ts";
import { form, goTo, html, type Html, type PageAnswer } from "./page.ts";
import { afterFlow, frame, type PortalVisit } from "./portal-frame.ts";

/** The prices that the portal's configuration offers. */
function offers({ box, session }: PortalVisit): Price[] {
  const { features } = need(box, "billing_portal.configuration", session.configuration);
  if (!features.subscription_update.enabled) throw invalid("Switching plans is turned off in this portal.");
  return (features.subscription_update.products ?? []).flatMap((offer) =>
    offer.prices.flatMap((id) => box.store.get("price", id) ?? []).filter((price) => price.active),
  );
}

/** Choosing another plan. */
export function chooseStep(visit: PortalVisit, subscription: Subscription): PageAnswer {
  const { box, root } = visit;
  const now = subscription.items.data.map((item) => item.price.id);
  const others = offers(visit);
  return frame(
    visit,
    "Update your plan",
    html`<form method="get" action="${root}/confirm/${subscription.id}">
      <fieldset class="card">
        <legend>Plans</legend>
        ${others.map((price) => {
          const isNow = now.includes(price.id);
          return html`<p>
            <label
              ><input type="radio" name="price" value="${price.id}" required${isNow ? { html: " disabled" } : ""} />
              ${productName(box, price)} – ${priceText(price)}${isNow ? " (current plan)" : ""}</label
            >
          </p>`;
        })}
      </fieldset>
      <p class="row"><button>Continue</button></p>
    </form>`,
  );
}

/** Shows what it will cost, and does it when it is agreed to. */
export function confirmStep(visit: PortalVisit, subscription: Subscription): PageAnswer {
  const { box, request, session } = visit;
  const { features } = need(box, "billing_portal.configuration", session.configuration);
  const price = request.method === "POST" ? form(request).get("price") : request.query.get("price");
  const items = itemsFor(visit, subscription, price);
  const asked: SubscriptionChange = {
    items,
    proration_behavior: features.subscription_update.proration_behavior as
      | "none"
      | "create_prorations"
      | "always_invoice",
    ...(request.method === "POST" && dateOf(form(request), box.nowFor(subscription.customer))),
  };
  if (request.method === "POST") {
    try {
      box.change(() =>
        changeSubscription(box, need(box, "subscription", subscription.id), {
          ...asked,
          payment_behavior: "error_if_incomplete",
        }),
      );
      return afterFlow(visit);
    } catch (error) {
      if (!(error instanceof StripeError)) throw error;
      return show(visit, subscription, asked, price, errorBox(`${error.message} Nothing was changed.`));
    }
  }
  return show(visit, subscription, asked, price, html``);
}

// The amount that was shown is the amount that is charged: the date of the proration travels with the form.
function dateOf(fields: URLSearchParams, now: number): { proration_date?: number } {
  const date = Number(fields.get("at"));
  return Number.isInteger(date) && date <= now && date > now - 3600 ? { proration_date: date } : {};
}

function itemsFor(
  visit: PortalVisit,
  subscription: Subscription,
  price: string | null,
): NonNullable<SubscriptionChange["items"]> {
  const confirm = visit.session.flow?.subscription_update_confirm;
  if (!price && confirm?.subscription === subscription.id) {
    return confirm.items.map((item) => ({
      ...(item.id && { id: item.id }),
      ...(item.price && { price: item.price }),
      ...(item.quantity !== undefined && { quantity: item.quantity }),
    }));
  }
  const chosen = offers(visit).find((offer) => offer.id === price);
  if (!chosen) throw invalid("This plan is not on offer.");
  const [item] = subscription.items.data;
  return [{ ...(item && { id: item.id }), price: chosen.id }];
}

function show(
  visit: PortalVisit,
  subscription: Subscription,
  asked: SubscriptionChange,
  price: string | null,
  problem: Html,
): PageAnswer {
  const { box, root, session } = visit;
  const at = box.nowFor(subscription.customer);
  const next = need(box, "price", asked.items?.[0]?.price ?? subscription.items.data[0]?.price.id ?? "");
  if (
    subscription.items.data.some((item) => item.price.id === next.id) &&
    !asked.items?.some((item) => item.quantity)
  ) {
    return goTo(`${root}?home`);
  }
  const invoice = previewChange(box, subscription, { ...asked, proration_date: at });
  const today = invoice.billing_reason === "subscription_update";
  return frame(
    visit,
    "Confirm your new plan",
    html`${problem}
      <div class="card">
        <p><strong>${productName(box, next)}</strong><br /><span class="amount">${priceText(next)}</span></p>
        <table>
          <thead>
            <tr>
              <th scope="col">${today ? "Today" : `On ${dateText(invoice.created)}`}</th>
              <th scope="col" class="right">Amount</th>
            </tr>
          </thead>
          <tbody>
            ${invoice.lines.data.map(
              (line) =>
                html`<tr>
                  <td>${line.description}</td>
                  <td class="right">${money(line.amount, line.currency)}</td>
                </tr>`,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${today ? "Amount due today" : "Next invoice"}</th>
              <td class="right"><strong>${money(invoice.amount_due, invoice.currency)}</strong></td>
            </tr>
          </tfoot>
        </table>
        ${invoice.total < 0 && html`<p class="quiet">${money(-invoice.total, invoice.currency)} stay in your favour for the next invoices.</p>`}
        <form method="post" action="${root}/confirm/${subscription.id}">
          <input type="hidden" name="at" value="${at}" />
          ${price && html`<input type="hidden" name="price" value="${price}" />`}
          <p class="row">
            <button>Confirm</button>
            <a class="button plain" href="${session.flow ? (session.return_url ?? root) : `${root}?home`}">Go back</a>
          </p>
        </form>
      </div>`,
  );
}
