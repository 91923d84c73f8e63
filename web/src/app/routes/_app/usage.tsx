import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { Usage } from "../../../features/usage/Usage.tsx";

export const Route = createFileRoute("/_app/usage")({
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(queries.usageLimits);
    void context.queryClient.prefetchQuery(queries.usageCurrent);
    void context.queryClient.prefetchQuery(queries.usageHistory("messages", 30));
  },
  component: Usage,
});
