import { refreshSubscription } from "@charlie/contract";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, queries } from "../../api/index.ts";
import { wasInPortal } from "./use-checkout.ts";

/** Everything that hangs on the plan is asked for anew where it is shown. */
export async function refreshPlan(queryClient: QueryClient): Promise<void> {
  const keys = [["me"], ["usage"], ["brains"], ["agents"], ["projects"], queries.invoices.queryKey];
  await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

/** Asks Stripe how things stand now, instead of waiting to be told. */
export async function lookAgain(queryClient: QueryClient): Promise<void> {
  try {
    queryClient.setQueryData(queries.subscription.queryKey, await call(refreshSubscription, {}));
    await refreshPlan(queryClient);
  } catch {
    // What we know stays on the page; the server hears of the change by itself sooner or later.
  }
}

/** After a visit to the portal, looks again. */
export function useFreshAfterPortal(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (wasInPortal()) void lookAgain(queryClient);
  }, [queryClient]);
}

/** While `active`, looks again whenever the person comes back to this window: from paying in another one. */
export function useFreshOnReturn(active: boolean): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!active) return undefined;
    const look = () => {
      if (document.visibilityState === "visible") void lookAgain(queryClient);
    };
    document.addEventListener("visibilitychange", look);
    window.addEventListener("focus", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("focus", look);
    };
  }, [active, queryClient]);
}
