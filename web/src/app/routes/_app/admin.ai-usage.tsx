import { createFileRoute } from "@tanstack/react-router";
import { AiUsage } from "../../../features/admin/AiUsage.tsx";

export const Route = createFileRoute("/_app/admin/ai-usage")({ component: AiUsage });
