// Cancelling in the portal, and taking it back.
import { changeSubscription, periodEnd } from "../billing/change.ts";
import { cancelNow } from "../billing/lifecycle.ts";
import { dateText } from "../billing/periods.ts";
import { invalid } from "../http/errors.ts";
import { need } from "../resources/find.ts";
import type { Subscription } from "../types.ts";
import { form, goTo, html, type PageAnswer } from "./page.ts";
import { afterFlow, frame, type PortalVisit } from "./portal-frame.ts";

const REASONS = {
  too_expensive: "It's too expensive",
  missing_features: "Some features are missing",
  switched_service: "I found an alternative",
  unused: "I no longer need it",
  customer_service: "Customer service was less than expected",
  too_complex: "It's too difficult to use",
  low_quality: "Quality was less than expected",
  other: "Other reason",
} as const;

/** Asks, then cancels: at the period's end by `cancel_at`, as flexible billing does, or at once if so configured. */
export function cancelStep(visit: PortalVisit, subscription: Subscription): PageAnswer {
  const { box, request, root, session } = visit;
  const { features } = need(box, "billing_portal.configuration", session.configuration);
  const { enabled, mode, cancellation_reason: reasons } = features.subscription_cancel;
  if (!enabled) throw invalid("Cancelling is turned off in this portal.");
  if (subscription.cancel_at !== null || subscription.ended_at !== null) return goTo(`${root}?home`);
  if (request.method === "POST") {
    const typed = form(request).get("reason") ?? "";
    const feedback = Object.hasOwn(REASONS, typed) ? (typed as keyof typeof REASONS) : null;
    box.change(() => {
      if (mode === "immediately") cancelNow(box, subscription, "cancellation_requested");
      else {
        changeSubscription(box, subscription, {
          cancel_at: periodEnd(subscription),
          cancellation_details: { feedback, comment: null },
        });
      }
    });
    return afterFlow(visit);
  }
  return frame(
    visit,
    "Cancel your plan",
    html`<div class="card">
      <p>
        ${mode === "immediately" ? "Your plan ends now." : `Your plan stays as it is until ${dateText(periodEnd(subscription))}, then it ends. You will not be charged again.`}
      </p>
      <form method="post" action="${root}/cancel/${subscription.id}">
        ${
          reasons.enabled &&
          html`<label for="reason">Why do you cancel? (optional)</label
            ><select id="reason" name="reason">
              <option value="">Rather not say</option>
              ${reasons.options.map((reason) => html`<option value="${reason}">${REASONS[reason as keyof typeof REASONS]}</option>`)}
            </select>`
        }
        <p class="row">
          <button class="danger">Cancel subscription</button>
          <a class="button plain" href="${session.flow ? (session.return_url ?? root) : `${root}?home`}">Go back</a>
        </p>
      </form>
    </div>`,
  );
}

/** "Don't cancel": the plan goes on. */
export function keepSubscription({ box, request, root }: PortalVisit, subscription: Subscription): PageAnswer {
  if (request.method === "POST" && subscription.cancel_at !== null && subscription.ended_at === null) {
    box.change(() =>
      subscription.cancel_at_period_end
        ? changeSubscription(box, subscription, { cancel_at_period_end: false })
        : changeSubscription(box, subscription, { cancel_at: null }),
    );
  }
  return goTo(`${root}?home`);
}
