import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { readShown, searchOf, type UsageSearch } from "../../../features/usage/search.ts";
import { Usage } from "../../../features/usage/Usage.tsx";

export const Route = createFileRoute("/_app/usage")({
  validateSearch: (search: Record<string, unknown>): UsageSearch => searchOf(readShown(search)),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    const { days, by } = readShown({ ...deps });
    void context.queryClient.prefetchQuery(queries.usageLimits);
    void context.queryClient.prefetchQuery(queries.usageCurrent);
    void context.queryClient.prefetchQuery(queries.usageHistory(days, by));
  },
  component: Usage,
});
