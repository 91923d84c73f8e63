import { createFileRoute } from "@tanstack/react-router";
import { Launch } from "../../../features/admin/Launch.tsx";

export const Route = createFileRoute("/_app/admin/launch")({ component: Launch });
