import { type PlanId, planIds } from "@charlie/contract";
import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { Awake } from "../../../features/plans/Awake.tsx";

interface Search {
  /** Choose for this plan before it begins; without it for the present one. */
  for?: PlanId;
}

export const Route = createFileRoute("/_app/awake")({
  validateSearch: (search: Record<string, unknown>): Search => {
    const plan = planIds.find((id) => id === search["for"]);
    return plan ? { for: plan } : {};
  },
  loaderDeps: ({ search }) => ({ plan: search.for }),
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(queries.planFit(deps.plan)),
  component: Awake,
});
