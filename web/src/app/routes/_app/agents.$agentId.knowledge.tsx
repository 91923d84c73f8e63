import { createFileRoute } from "@tanstack/react-router";
import { ComingTab } from "../../../features/agents/ComingTab.tsx";

export const Route = createFileRoute("/_app/agents/$agentId/knowledge")({
  component: () => <ComingTab tab="knowledge" />,
});
