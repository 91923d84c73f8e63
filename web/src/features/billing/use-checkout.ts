import { createCheckout, createPortal, type PlanId, type paidPlanIds } from "@charlie/contract";
import { useMutation } from "@tanstack/react-query";
import { call, CallError } from "../../api/index.ts";
import { rememberPlace } from "./return-path.ts";

export type PaidPlan = (typeof paidPlanIds)[number];
export type PortalFlow = "home" | "cancel" | "switch" | "card";

/** The stable code of a refusal; `null` for anything else. */
export const codeOf = (error: unknown): string | null => (error instanceof CallError ? error.problem.code : null);

export const isPaid = (plan: PlanId): plan is PaidPlan => plan !== "free";

const here = () => window.location.pathname + window.location.search;
const portalUrl = async (flow: PortalFlow) => (await call(createPortal, { body: { flow } })).url;

/** The page where a plan is paid; where the workspace pays already, the one where it is changed. */
async function payingUrl(plan: PaidPlan): Promise<string> {
  try {
    return (await call(createCheckout, { body: { plan } })).url;
  } catch (error) {
    if (codeOf(error) === "already_subscribed") return portalUrl("switch");
    throw error;
  }
}

/**
 * Leads to the page where a plan is paid, and remembers the way back. Stays pending while the browser leaves. An
 * address that is not confirmed yet is for the caller to explain (`codeOf(error) === "email_not_confirmed"`).
 */
export function useCheckout() {
  return useMutation({
    mutationFn: payingUrl,
    meta: { quiet: true },
    onSuccess: (url) => {
      rememberPlace(here());
      window.location.assign(url);
    },
  });
}

const portalVisited = "charlie.portal";

/** True once after a visit to the portal: what changed there may not have been heard of yet. */
export function wasInPortal(): boolean {
  const visited = sessionStorage.getItem(portalVisited) !== null;
  sessionStorage.removeItem(portalVisited);
  return visited;
}

/** Leads to the page where the plan, the card and invoices are managed. */
export function usePortal() {
  return useMutation({
    mutationFn: portalUrl,
    onSuccess: (url) => {
      sessionStorage.setItem(portalVisited, "1");
      window.location.assign(url);
    },
  });
}
