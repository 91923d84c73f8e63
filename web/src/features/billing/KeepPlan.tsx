import { Button } from "@mantine/core";
import { planOf, resumePlan } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, queries } from "../../api/index.ts";
import { notifyDone } from "../../ui/toasts.tsx";
import type { PaidPlan } from "./chosen.ts";
import { refreshPlan } from "./use-refresh.ts";

/** Takes the cancellation back, at once. */
export function KeepPlan({ plan }: { plan: PaidPlan }) {
  const queryClient = useQueryClient();
  const { name } = planOf(plan);
  const keep = useMutation({
    mutationFn: () => call(resumePlan, {}),
    onSuccess: async (subscription) => {
      queryClient.setQueryData(queries.subscription.queryKey, subscription);
      await refreshPlan(queryClient);
      notifyDone(`${name} goes on.`);
    },
  });
  return (
    <Button loading={keep.isPending} onClick={() => keep.mutate()}>
      Keep {name}
    </Button>
  );
}
