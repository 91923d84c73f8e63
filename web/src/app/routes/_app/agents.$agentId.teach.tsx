import { createFileRoute } from "@tanstack/react-router";
import { TeachTab } from "../../../features/agents/teach/TeachTab.tsx";

export const Route = createFileRoute("/_app/agents/$agentId/teach")({ component: TeachTab });
