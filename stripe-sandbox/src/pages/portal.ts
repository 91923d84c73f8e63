// The billing portal: https://docs.stripe.com/customer-management
import type { Box } from "../box.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import type { Subscription } from "../types.ts";
import { updateCard } from "./portal-card.ts";
import { cancelStep, keepSubscription } from "./portal-cancel.ts";
import { portalHome } from "./portal-home.ts";
import { canSwitch, cannotSwitch, type PortalVisit } from "./portal-frame.ts";
import { chooseStep, confirmStep } from "./portal-switch.ts";
import { document, goTo, html, type PageAnswer, type PageRequest } from "./page.ts";

/** Answers a page of the portal. `path` is what follows the session's token. */
export function portalPage(box: Box, request: PageRequest, token: string, path: string[]): PageAnswer {
  const session = box.store.all("billing_portal.session").find((row) => row.url.endsWith(`/${token}`));
  if (!session || !box.store.get("customer", session.customer)) {
    return document(
      "Not found",
      html`<h1>This portal link is not valid any more</h1>
        <p>Go back and open it again.</p>`,
      404,
    );
  }
  const visit: PortalVisit = { box, request, session, root: `/p/session/${token}` };
  try {
    return step(visit, path);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return document(
      "Not possible",
      html`<h1>That was not possible</h1>
        <p role="alert" class="error">${error.message}</p>
        <p>Nothing was changed. <a href="${visit.root}">Back</a></p>`,
      error.status,
    );
  }
}

function step(visit: PortalVisit, [what = "", id = "", more = ""]: string[]): PageAnswer {
  const { session } = visit;
  if (what === "" && session.flow && !visit.request.query.has("home")) {
    const { flow } = session;
    if (flow.subscription_cancel) return goTo(`${visit.root}/cancel/${flow.subscription_cancel.subscription}`);
    if (flow.subscription_update) return goTo(`${visit.root}/switch/${flow.subscription_update.subscription}`);
    if (flow.subscription_update_confirm) {
      return goTo(`${visit.root}/confirm/${flow.subscription_update_confirm.subscription}`);
    }
    return goTo(`${visit.root}/card`);
  }
  if (what === "") return portalHome(visit);
  if (what === "card") return updateCard(visit, id, more);
  if (what === "done") return confirmation(visit);
  const subscription = owned(visit, id);
  if (what === "cancel") return cancelStep(visit, subscription);
  if (what === "keep") return keepSubscription(visit, subscription);
  if ((what === "switch" || what === "confirm") && !canSwitch(subscription)) throw invalid(cannotSwitch);
  if (what === "switch") return chooseStep(visit, subscription);
  if (what === "confirm") return confirmStep(visit, subscription);
  return document(
    "Not found",
    html`<h1>There is nothing here</h1>
      <p><a href="${visit.root}">Back</a></p>`,
    404,
  );
}

function owned({ box, session }: PortalVisit, id: string): Subscription {
  const subscription = need(box, "subscription", id);
  return subscription.customer === session.customer ? subscription : need(box, "subscription", "");
}

function confirmation({ session, root }: PortalVisit): PageAnswer {
  const message = session.flow?.after_completion.hosted_confirmation?.custom_message;
  return document(
    "Done",
    html`<h1>Done</h1>
      <p class="good" role="status">${message ?? "Your subscription has been updated."}</p>
      <p><a class="button" href="${session.return_url ?? `${root}?home`}">Return</a></p>`,
  );
}
