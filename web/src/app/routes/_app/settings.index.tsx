import { createFileRoute } from "@tanstack/react-router";
import { WorkspaceSettings } from "../../../features/settings/WorkspaceSettings.tsx";

export const Route = createFileRoute("/_app/settings/")({ component: WorkspaceSettings });
