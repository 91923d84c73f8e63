import { Button, type ButtonProps } from "@mantine/core";
import { planOf, resumePlan } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, queries } from "../../api/index.ts";
import { notifyDone } from "../../ui/toasts.tsx";
import type { PaidPlan } from "./chosen.ts";
import { refreshPlan } from "./use-refresh.ts";

interface KeepPlanProps extends Pick<ButtonProps, "size" | "variant"> {
  plan: PaidPlan;
}

/** Takes the cancellation back, at once. */
export function KeepPlan({ plan, ...looks }: KeepPlanProps) {
  const queryClient = useQueryClient();
  const { name } = planOf(plan);
  const keep = useMutation({
    mutationFn: () => call(resumePlan, {}),
    onSuccess: async (subscription) => {
      queryClient.setQueryData(queries.subscription.queryKey, subscription);
      // A change that was refused because of the cancellation has its amounts now.
      await Promise.all([
        refreshPlan(queryClient),
        queryClient.invalidateQueries({ queryKey: ["billing", "preview"] }),
      ]);
      notifyDone(`${name} goes on.`);
    },
  });
  return (
    <Button {...looks} loading={keep.isPending} onClick={() => keep.mutate()}>
      Keep {name}
    </Button>
  );
}
