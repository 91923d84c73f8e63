import { Stack, Title } from "@mantine/core";
import { refreshSubscription } from "@charlie/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, queries } from "../../api/index.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { Invoices } from "./Invoices.tsx";
import { PlanCard } from "./PlanCard.tsx";
import { wasInPortal } from "./use-checkout.ts";

/** After a visit to the portal, asks how things stand now instead of waiting to be told. */
function useFreshAfterPortal(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!wasInPortal()) return;
    call(refreshSubscription, {})
      .then((subscription) => queryClient.setQueryData(queries.subscription.queryKey, subscription))
      // What we know stays on the page; the server hears of the change by itself sooner or later.
      .catch(() => undefined)
      .then(() =>
        Promise.all([
          queryClient.invalidateQueries({ queryKey: ["me"] }),
          queryClient.invalidateQueries({ queryKey: ["usage"] }),
          queryClient.invalidateQueries({ queryKey: queries.invoices.queryKey }),
        ]),
      )
      .catch(() => undefined);
  }, [queryClient]);
}

/** Settings, Billing: the plan, what comes next and when, and the invoices. */
export function Billing() {
  useTitle("Billing");
  useFreshAfterPortal();
  const { data, error, refetch } = useQuery(queries.subscription);
  return (
    <Stack gap="xl">
      <Stack gap="md">
        <Title order={2}>Billing</Title>
        {data && <PlanCard subscription={data} />}
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!data && !error && <SkeletonLines count={3} height={64} />}
      </Stack>
      <Invoices />
    </Stack>
  );
}
