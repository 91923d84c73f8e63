import { createFileRoute } from "@tanstack/react-router";
import { adminQueries } from "../../../features/admin/admin-queries.ts";
import { Revenue } from "../../../features/admin/Revenue.tsx";

export const Route = createFileRoute("/_app/admin/")({
  loader: ({ context }) => void context.queryClient.prefetchQuery(adminQueries.revenue),
  component: Revenue,
});
