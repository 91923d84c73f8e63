import { Button } from "@mantine/core";
import { planOf, type Subscription } from "@charlie/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { queries } from "../../api/index.ts";
import { notifyDone } from "../../ui/toasts.tsx";
import styles from "./billing.module.css";
import { isRunning, owedWords } from "./billing-words.ts";
import { PayNow } from "./PayNow.tsx";
import { usePortal } from "./use-checkout.ts";
import { refreshPlan, useFreshOnReturn } from "./use-refresh.ts";

const owedKey = "charlie.owed";
/** How often the page asks while a payment is open, in ms. */
const askEvery = 20_000;

/** Notices that an open payment was made, wherever and whenever that was, and says so once. */
function useRecovery(subscription: Subscription | undefined, workspaceId: string): void {
  const queryClient = useQueryClient();
  const owes = subscription && subscription.pastDue !== null;
  useEffect(() => {
    if (!subscription) return;
    if (owes) return localStorage.setItem(owedKey, workspaceId);
    if (localStorage.getItem(owedKey) !== workspaceId) return;
    localStorage.removeItem(owedKey);
    if (!isRunning(subscription)) return;
    notifyDone(`Thank you, the payment went through. ${planOf(subscription.plan).name} goes on.`);
    void refreshPlan(queryClient);
  }, [subscription, owes, workspaceId, queryClient]);
}

/**
 * On every page while a payment is open: how much, what happens when, and the two ways to put it right. Not on Billing,
 * where the plan's own card says the same.
 */
export function PaymentBanner({ workspaceId }: { workspaceId: string }) {
  const portal = usePortal();
  const { pathname } = useLocation();
  const { data } = useQuery({
    ...queries.subscription,
    staleTime: 60_000,
    refetchInterval: ({ state }) => (state.data?.pastDue ? askEvery : false),
  });
  useRecovery(data, workspaceId);
  const words = data ? owedWords(data) : null;
  useFreshOnReturn(words !== null);
  if (!data || !words || pathname === "/settings/billing") return null;
  return (
    <aside className={styles["banner"]} aria-label="A payment is open">
      <div>
        <p>
          <strong>{words.what}</strong> {words.means}
        </p>
        {data.canManage && (
          <span className={styles["row"]}>
            <PayNow url={data.pastDue?.invoiceUrl ?? null} size="compact-sm" />
            <Button
              size="compact-sm"
              variant="default"
              loading={portal.isPending}
              onClick={() => portal.mutate("card")}
            >
              Change card
            </Button>
          </span>
        )}
      </div>
    </aside>
  );
}
