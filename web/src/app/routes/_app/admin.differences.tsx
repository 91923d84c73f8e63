import { createFileRoute } from "@tanstack/react-router";
import { Differences } from "../../../features/admin/Differences.tsx";

export const Route = createFileRoute("/_app/admin/differences")({ component: Differences });
