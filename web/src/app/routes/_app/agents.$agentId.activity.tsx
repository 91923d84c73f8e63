import { createFileRoute } from "@tanstack/react-router";
import { ComingTab } from "../../../features/agents/ComingTab.tsx";

export const Route = createFileRoute("/_app/agents/$agentId/activity")({
  component: () => <ComingTab tab="activity" />,
});
