import { createFileRoute } from "@tanstack/react-router";
import { Planning } from "../../../features/admin/Planning.tsx";

export const Route = createFileRoute("/_app/admin/planning")({ component: Planning });
