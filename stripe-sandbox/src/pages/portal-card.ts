// Changing the card in the portal.
import { cardKind } from "../billing/cards.ts";
import { attach, createCardMethod } from "../billing/methods.ts";
import { createSetup } from "../billing/setups.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { need, newest } from "../resources/find.ts";
import type { PaymentMethod } from "../types.ts";
import { cardFields, cardHints, errorBox, readCard, typedOf, type Typed } from "./card-form.ts";
import { form, goTo, html, type PageAnswer } from "./page.ts";
import { afterFlow, frame, type PortalVisit } from "./portal-frame.ts";

/** Asks for a card and saves it. `step` is empty or `3ds`; `method` the card that waits for its bank. */
export function updateCard(visit: PortalVisit, step: string, method: string): PageAnswer {
  const { box, request, root, session } = visit;
  const { features } = need(box, "billing_portal.configuration", session.configuration);
  if (!features.payment_method_update.enabled) throw invalid("Changing the card is turned off in this portal.");
  if (step === "3ds") return threeDSecure(visit, method);
  if (request.method !== "POST") return show(visit);
  try {
    const { card, name } = readCard(form(request));
    const made = box.change(() => {
      const fresh = createCardMethod(box, card, { name });
      if (!cardKind(card.number.replaceAll(/\D/g, ""))?.authentication) makeDefault(visit, fresh);
      return fresh;
    });
    return need(box, "payment_method", made.id).customer ? afterFlow(visit) : goTo(`${root}/card/3ds/${made.id}`);
  } catch (error) {
    if (error instanceof StripeError) return show(visit, typedOf(form(request)), error.message);
    throw error;
  }
}

/** Saves a card and lets every running subscription be paid with it. Must run inside a change. */
function makeDefault({ box, session }: PortalVisit, method: PaymentMethod) {
  const at = box.nowFor(session.customer);
  attach(box, method, session.customer);
  createSetup(box, session.customer, method.id, at);
  const customer = need(box, "customer", session.customer);
  box.update("customer.updated", customer, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: method.id },
  });
  for (const row of newest(box, "subscription", (one) => one.customer === customer.id && one.ended_at === null)) {
    if (row.default_payment_method) {
      box.update("customer.subscription.updated", row, { default_payment_method: method.id });
    }
  }
}

function show(visit: PortalVisit, typed: Typed = {}, error?: string): PageAnswer {
  return frame(
    visit,
    "Update your card",
    html`${errorBox(error)}
      <div class="card">
        <form method="post" action="${visit.root}/card">
          ${cardFields(typed)} <button class="wide">Save card</button>
        </form>
        ${cardHints}
      </div>`,
  );
}

function threeDSecure(visit: PortalVisit, id: string): PageAnswer {
  const { box, request, root } = visit;
  const method = need(box, "payment_method", id);
  const secret = need(box, "sandbox.card", id);
  if (request.method === "POST") {
    if (form(request).get("answer") !== "complete") return show(visit, {}, "We are unable to authenticate your card.");
    box.change(() => {
      box.store.put({ ...secret, authenticated: true });
      makeDefault(visit, method);
    });
    return afterFlow(visit);
  }
  return frame(
    visit,
    "3-D Secure",
    html`<div class="card">
      <p>Your bank asks whether it is you who saves this card. In the sandbox you may choose its answer.</p>
      <form method="post" action="${root}/card/3ds/${id}" class="row">
        <button name="answer" value="complete">Complete</button>
        <button class="plain" name="answer" value="fail">Fail</button>
      </form>
    </div>`,
  );
}
