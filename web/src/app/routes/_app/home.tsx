import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { Home } from "../../../features/agents/Home.tsx";
import { readChosen } from "../../../features/billing/chosen.ts";

export const Route = createFileRoute("/_app/home")({
  // A plan chosen before signing in: its dialogue opens.
  validateSearch: readChosen,
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(queries.agents);
    void context.queryClient.prefetchQuery(queries.projects);
    void context.queryClient.prefetchQuery(queries.planFit());
  },
  component: Home,
});
