import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, Outlet } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { AgentPage } from "../../../features/agents/AgentPage.tsx";

function AgentRoute() {
  const { agentId } = Route.useParams();
  const { data: agent } = useSuspenseQuery(queries.agent(agentId));
  return (
    <AgentPage agent={agent}>
      <Outlet />
    </AgentPage>
  );
}

export const Route = createFileRoute("/_app/agents/$agentId")({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(queries.agent(params.agentId)),
  component: AgentRoute,
});
