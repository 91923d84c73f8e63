import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { AiKeys } from "../../../features/ai/AiKeys.tsx";

export const Route = createFileRoute("/_app/settings/ai-keys")({
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(queries.aiKeys);
    void context.queryClient.prefetchQuery(queries.brains);
  },
  component: AiKeys,
});
