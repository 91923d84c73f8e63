import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { Home } from "../../../features/agents/Home.tsx";
import { type PaidPlan, paidPlan } from "../../../features/identity/carried.ts";

interface Search {
  /** A plan chosen before signing in: its dialogue opens. */
  plan?: PaidPlan;
}

export const Route = createFileRoute("/_app/home")({
  validateSearch: (search: Record<string, unknown>): Search => {
    const plan = paidPlan(search["plan"]);
    return plan ? { plan } : {};
  },
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(queries.agents);
    void context.queryClient.prefetchQuery(queries.projects);
    void context.queryClient.prefetchQuery(queries.planFit());
  },
  component: Home,
});
