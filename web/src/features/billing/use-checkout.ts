import { type BillingInterval, createCheckout, createPortal, switchPlan, type SwitchPreview } from "@charlie/contract";
import { useMutation } from "@tanstack/react-query";
import { call, CallError } from "../../api/index.ts";
import type { PaidPlan } from "./chosen.ts";
import { rememberPlace } from "./return-path.ts";

export type PortalFlow = "home" | "cancel" | "card";

/** A plan and how often it is paid. */
export interface Choice {
  plan: PaidPlan;
  interval: BillingInterval;
}

/** The stable code of a refusal; `null` for anything else. */
export const codeOf = (error: unknown): string | null => (error instanceof CallError ? error.problem.code : null);

const here = () => window.location.pathname + window.location.search;

/**
 * Leads to the page where a plan is paid, and remembers the way back. Stays pending while the browser leaves. Refusals
 * are for the caller to explain: `codeOf(error)` is `email_not_confirmed`, `already_subscribed`, `no_yearly_price`, …
 */
export function useCheckout() {
  return useMutation({
    mutationFn: async (choice: Choice) => (await call(createCheckout, { body: choice })).url,
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

function goToPortal(url: string): void {
  sessionStorage.setItem(portalVisited, "1");
  window.location.assign(url);
}

/** Leads to the page where the cancellation, the card and invoices are managed. */
export function usePortal() {
  return useMutation({
    mutationFn: async (flow: PortalFlow) => (await call(createPortal, { body: { flow } })).url,
    onSuccess: goToPortal,
  });
}

/** Switches as the preview of this moment showed it, and charges it. Refusals are for the caller to explain. */
export function useSwitch() {
  return useMutation({
    mutationFn: async (agreed: SwitchPreview) => (await call(switchPlan, { body: agreed })).url,
    meta: { quiet: true },
    onSuccess: goToPortal,
  });
}
