import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, notFound, Outlet } from "@tanstack/react-router";
import { queries, statusOf } from "../../../api/index.ts";
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
  loader: async ({ context, params }) => {
    try {
      await context.queryClient.ensureQueryData(queries.agent(params.agentId));
    } catch (error) {
      // Deleted, somebody else's, or (400) an address that holds no id: a page of its own, not an accident.
      throw [400, 404].includes(statusOf(error) ?? 0) ? notFound() : error;
    }
  },
  component: AgentRoute,
});
