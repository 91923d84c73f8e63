import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { AiUsageLine } from "./AiUsageLine.tsx";
import { Happened } from "./Happened.tsx";
import { Invoices } from "./Invoices.tsx";
import { PlanCard } from "./PlanCard.tsx";
import { useFreshAfterPortal } from "./use-refresh.ts";

/** Settings, Billing: the plan, what comes next and when, what happened, and the invoices. */
export function Billing() {
  useTitle("Billing");
  useFreshAfterPortal();
  const { data, error, refetch } = useQuery(queries.subscription);
  return (
    <Stack gap="xl">
      <Stack gap="md">
        <Title order={2}>Billing</Title>
        {data && <PlanCard subscription={data} />}
        <AiUsageLine />
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!data && !error && <SkeletonLines count={3} height={64} />}
      </Stack>
      {data && <Happened happened={data.happened} />}
      <Invoices />
    </Stack>
  );
}
