import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { Playground } from "../../../features/chat/Playground.tsx";

interface Search {
  /** The conversation that is open; without it a new one. */
  conversation?: string;
}

function PlaygroundRoute() {
  const { agentId } = Route.useParams();
  const { data: agent } = useSuspenseQuery(queries.agent(agentId));
  const { conversation } = Route.useSearch();
  return <Playground agent={agent} conversationId={conversation} />;
}

export const Route = createFileRoute("/_app/agents/$agentId/")({
  validateSearch: ({ conversation }: Record<string, unknown>): Search =>
    typeof conversation === "string" ? { conversation } : {},
  component: PlaygroundRoute,
});
