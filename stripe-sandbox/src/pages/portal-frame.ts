// What the portal's pages have in common.
import type { Box } from "../box.ts";
import type { PortalSession, Subscription } from "../types.ts";
import { document, goTo, html, type Html, type PageAnswer, type PageRequest } from "./page.ts";

/** What each step of the portal works with. */
export interface PortalVisit {
  box: Box;
  request: PageRequest;
  session: PortalSession;
  /** The portal's own address. */
  root: string;
}

/**
 * Whether people can switch a subscription in the portal: not one with several products, nor one that bills usage. Those
 * can only be cancelled there: https://docs.stripe.com/customer-management/configure-portal (limitations)
 */
export const canSwitch = ({ items }: Subscription): boolean =>
  items.data.length === 1 && items.data.every(({ price }) => price.recurring?.usage_type !== "metered");
export const cannotSwitch =
  "This subscription cannot be updated in the portal because it has multiple products or a price for usage.";

/** A portal page with its way back. */
export function frame(visit: PortalVisit, title: string, body: Html, status = 200): PageAnswer {
  const { session, box, root } = visit;
  const headline = box.store.get("billing_portal.configuration", session.configuration)?.business_profile.headline;
  return document(
    title,
    html`<p>${session.return_url ? html`<a href="${session.return_url}">← Return</a>` : ""}</p>
      ${headline && html`<p class="quiet">${headline}</p>`}
      <h1>${title}</h1>
      ${body} ${title === "Billing" ? "" : html`<p><a href="${root}?home">All billing details</a></p>`}`,
    status,
  );
}

/** Where to go when what a deep link was for has been done. */
export function afterFlow({ session, root }: PortalVisit): PageAnswer {
  const after = session.flow?.after_completion;
  if (after?.type === "redirect" && after.redirect) return goTo(after.redirect.return_url);
  if (after?.type === "hosted_confirmation") return goTo(`${root}/done`);
  return goTo(`${root}?home`);
}
